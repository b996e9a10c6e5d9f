import { Component, h, type ComponentType, type FunctionComponent } from 'preact';

/** Draws again only when `isSame` says that something differs; by default any property. */
export function memo<Props extends object>(
  render: FunctionComponent<Props>,
  isSame: (before: Props, after: Props) => boolean = isShallowSame,
): ComponentType<Props> {
  return class extends Component<Props> {
    override shouldComponentUpdate(next: Props): boolean {
      return !isSame(this.props, next);
    }
    override render() {
      return h(render, this.props);
    }
  };
}

function isShallowSame<Props extends object>(before: Props, after: Props): boolean {
  const keys = Object.keys(after) as (keyof Props)[];
  return keys.length === Object.keys(before).length && keys.every((key) => before[key] === after[key]);
}
