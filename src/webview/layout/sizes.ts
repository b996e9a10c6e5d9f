/**
 * Every size of the picture, in diagram units. A box's size depends on its node alone, so that what happens elsewhere
 * never changes it.
 */

/** Half a column: a box with one interface is two units wide, each further interface adds one. */
export const unit = 96;
/** Free strip to the right of each box, in which wires run down. */
export const gutter = 32;
/** Free strip below the chips of a box, in which wires run sideways. */
export const rowGutter = 18;

export const titleHeight = 20;
export const interfaceHeight = 34;
export const boxPadding = 3;
/** Interfaces side by side in a box; more go to a second line. */
export const interfacesPerLine = 4;
/** Names side by side once a box has more than this many containers (the host's). */
export const titlesPerColumn = 8;

export const chipWidth = 108;
export const chipHeight = 20;
/** Length of the wire between a port and its chip. */
export const chipDrop = 10;
/** Distance of chips that stand in steps below each other. */
export const chipStepX = 8;
export const chipStepY = 24;

/** A box that is a link of the host with no container at its other end. */
export const linkHeight = 30;

export const cellWidth = 30;
export const cellHeight = 22;
export const cellPitchX = 34;
export const cellPitchY = 26;
/** Width over height of a grid of cells. */
export const cellGridAspect = 1.5;

export const barHeight = 40;
/** Strip above the bars of a shelf: wires that leave their block run in it. */
export const busHeight = 28;
/** Strip below the bars of a shelf. */
export const streetHeight = 60;
/** Least distance between neighbours in a shelf. */
export const blockGap = 48;
/** A network without containers is this wide, in units; one with containers has room for one more than it has. */
const leastUnits = 3;
export const leastBlock = gutter + leastUnits * unit;

export const hostPadding = 48;
/** For the host's name. */
export const hostTitle = 44;
export const boundsMargin = 40;

/** Places on the host's lower edge: a port takes one, a link two. */
export const edgePitch = 96;
export const portWidth = 84;
export const portHeight = 26;
export const edgeLinkWidth = 180;
export const edgeLinkHeight = 40;
/** Strip between two rows of ports. */
export const edgeRowGutter = 14;

/** A network with more boxes than this draws them as cells … */
export const compactAbove = 24;
/** … but one that was drawn in full keeps so up to this many, so that one container more or less rearranges nothing. */
export const fullUpTo = 32;

/** What the whole picture's width over height should come near to. */
export const pictureAspect = 1.6;

/** Between the frames of two hosts side by side; tunnels that pass a row run in it. */
export const frameGap = 120;
/** Between a row of frames and the first tunnel below it. */
export const tunnelDrop = 44;
/** Between two tunnels that run side by side: below each other with their labels, or upright. */
export const tunnelPitch = 44;
export const tunnelPitchX = 14;
export const tunnelLabelWidth = 310;
export const tunnelLabelHeight = 26;
/** A window that all of several hosts is to be read in: they stand in one row as long as that is possible. */
export const usualWindow = { width: 1280, height: 720 } as const;
/** Scale at which all can still be read. */
export const readableScale = 0.55;
