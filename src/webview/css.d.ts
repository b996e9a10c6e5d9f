/** Style sheets are files of the bundle's own; importing one yields nothing. */
declare module '*.css';
