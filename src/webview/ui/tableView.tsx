import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ElementMenu } from '../../protocol/messages.ts';
import type { Texts } from '../../protocol/texts.ts';
import type { Graph } from '../../topology/graphModel.ts';
import { confidenceText } from '../labels.ts';
import { classes, contextOf } from '../scene/element.ts';
import { columnsOf, sortRows, tableRows, type Column, type TableOrder, type TableRow } from '../table.ts';
import { Icon } from './icon.tsx';

export interface TableViewProps {
  readonly graph: Graph;
  readonly texts: Texts;
  readonly menus: Readonly<Record<string, ElementMenu>>;
  readonly selected: string | undefined;
  /** True of an element whose host's part of the picture is old. */
  readonly isOld: (id: string) => boolean;
  readonly select: (id: string) => void;
}

/** The same as the drawing, for those who rather read or hear it. */
export function TableView({ graph, texts, menus, selected, isOld, select }: TableViewProps) {
  const [order, setOrder] = useState<TableOrder>({ column: 'container', descending: false });
  const columns = columnsOf(graph);
  const rows = useMemo(() => sortRows(tableRows(graph), order), [graph, order]);
  const titles: Readonly<Record<Column, string>> = {
    container: texts.columnContainer,
    host: texts.columnHost,
    state: texts.columnState,
    network: texts.columnNetwork,
    interface: texts.columnInterface,
    ifindex: texts.columnIfindex,
    peer: texts.columnPeer,
    hostLink: texts.columnHostLink,
    bridge: texts.columnBridge,
    address: texts.columnAddress,
    mac: texts.columnMac,
    confidence: texts.columnConfidence,
  };
  const sortBy = (column: Column): void => {
    setOrder((before) => ({ column, descending: before.column === column && !before.descending }));
  };
  const isSelected = (row: TableRow): boolean => selected !== undefined && row.ids.includes(selected);
  const table = useRef<HTMLDivElement>(null);
  useEffect(() => table.current?.querySelector('tr.selected')?.scrollIntoView({ block: 'nearest' }), [selected]);
  return (
    <div ref={table} class="table" tabIndex={0} role="region" aria-label={texts.tableCaption}>
      <table>
        <caption>{texts.tableCaption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column}
                scope="col"
                aria-sort={order.column !== column ? undefined : order.descending ? 'descending' : 'ascending'}
              >
                <button type="button" onClick={() => sortBy(column)}>
                  {titles[column]}
                  {order.column === column && <Icon name={order.descending ? 'arrow-down' : 'arrow-up'} />}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={row.id}
              class={classes(isSelected(row) && 'selected', isOld(row.id) && 'old')}
              data-vscode-context={contextOf(menus[row.id])}
              onClick={() => select(row.id)}
            >
              <th scope="row">
                <button type="button" class="link-button" aria-pressed={isSelected(row)}>
                  {row.container}
                </button>
              </th>
              {columns.slice(1).map((column) => (
                <td key={column} class={codeColumns.has(column) ? 'code' : ''}>
                  {cell(row, column, texts)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const codeColumns: ReadonlySet<Column> = new Set([
  'interface',
  'ifindex',
  'peer',
  'hostLink',
  'bridge',
  'address',
  'mac',
]);

function cell(row: TableRow, column: Column, texts: Texts): string {
  if (column !== 'confidence') return row[column];
  return row.confidence ? confidenceText(row.confidence, texts) : '';
}
