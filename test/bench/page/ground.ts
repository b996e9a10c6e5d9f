/** The element to draw in, as big as the window: libraries ask for one that has a size. */
export function ground(): HTMLElement {
  const root = document.getElementById('root');
  if (root === null) throw new Error('void: the page has no place to draw in');
  document.body.style.margin = '0';
  Object.assign(root.style, { position: 'relative', width: '100vw', height: '100vh' });
  return root;
}
