import type { Texts } from '../../protocol/texts.ts';
import type { Graph } from '../../topology/graphModel.ts';
import type { GraphFilter } from '../../topology/graphView.ts';
import { filterChoices, filterCount, toggleFilter, type FilterChoice, type FilterKey } from '../filter.ts';

export interface FilterPopoverProps {
  readonly graph: Graph;
  readonly filter: GraphFilter;
  readonly texts: Texts;
  readonly change: (filter: GraphFilter) => void;
}

export function FilterPopover({ graph, filter, texts, change }: FilterPopoverProps) {
  const choices = filterChoices(graph);
  const states: readonly FilterChoice[] = [
    { value: 'running', text: texts.stateRunning },
    { value: 'stopped', text: texts.stateStopped },
  ];
  const group = (key: FilterKey, title: string, offered: readonly FilterChoice[]) =>
    offered.length > 0 && (
      <fieldset>
        <legend>{title}</legend>
        {offered.map(({ value, text }) => (
          <label key={value} class="check">
            <input
              type="checkbox"
              checked={(filter[key] as readonly string[] | undefined)?.includes(value) === true}
              onChange={() => change(toggleFilter(filter, key, value))}
            />
            <span>{text}</span>
          </label>
        ))}
      </fieldset>
    );
  return (
    <div class="popover filter" role="group" aria-label={texts.filter}>
      {group('hosts', texts.filterHosts, choices.hosts)}
      {group('states', texts.filterStates, states)}
      {group('networks', texts.filterNetworks, choices.networks)}
      {group('projects', texts.filterProjects, choices.projects)}
      {group('drivers', texts.filterDrivers, choices.drivers)}
      <button type="button" class="text-button" disabled={filterCount(filter) === 0} onClick={() => change({})}>
        {texts.filterClear}
      </button>
    </div>
  );
}
