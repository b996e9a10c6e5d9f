import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import type { Texts } from '../../protocol/texts.ts';
import { search } from '../../topology/graphSearch.ts';
import { hostOf, type GraphIndex } from '../graphIndex.ts';
import { elementLabel, nameOf } from '../labels.ts';
import { fill } from '../texts.ts';
import { Icon, IconButton } from './icon.tsx';

export interface SearchBoxProps {
  readonly index: GraphIndex;
  readonly texts: Texts;
  readonly choose: (id: string) => void;
  readonly close: () => void;
}

/** More are not listed: one types on. */
const most = 50;

/** A search field with its results. Arrow keys choose, Enter shows, Escape closes. */
export function SearchBox({ index, texts, choose, close }: SearchBoxProps) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const listId = useId();
  const found = useMemo(() => search(index.graph, text).filter((id) => index.elements.has(id)), [index, text]);
  const shown = found.slice(0, most);
  const chosen = Math.min(at, shown.length - 1);

  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' });
  }, [chosen, found]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const id = shown[chosen];
    if (event.key === 'Escape') close();
    else if (event.key === 'ArrowDown') setAt(Math.min(chosen + 1, shown.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(chosen - 1, 0));
    else if (event.key === 'Enter' && id !== undefined) choose(id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const isOpen = text.trim() !== '';
  return (
    <search class="search popover" onKeyDown={onKeyDown}>
      <div class="search-field">
        <Icon name="search" />
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label={texts.search}
          aria-expanded={isOpen && shown.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={isOpen && shown.length > 0 ? `${listId}-${chosen}` : undefined}
          placeholder={texts.searchPlaceholder}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setAt(0);
          }}
        />
        <span class="search-count" role="status">
          {isOpen && (found.length === 0 ? texts.searchNothing : fill(texts.searchResults, found.length))}
        </span>
        <IconButton icon="close" label={texts.close} onClick={close} />
      </div>
      <ul ref={list} id={listId} class="results" role="listbox" aria-label={texts.search} hidden={shown.length === 0}>
        {shown.map((id, position) => (
          <li
            key={id}
            id={`${listId}-${position}`}
            role="option"
            aria-selected={position === chosen}
            class={position === chosen ? 'chosen' : ''}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(id)}
          >
            <span class="result-name">
              {nameOf(index, id)}
              <HostLabel index={index} id={id} />
            </span>
            <span class="result-label">{elementLabel(index, id, texts)}</span>
          </li>
        ))}
      </ul>
    </search>
  );
}

/** Where it is, of several hosts. */
function HostLabel({ index, id }: { readonly index: GraphIndex; readonly id: string }) {
  const host = hostOf(index, id);
  return host === undefined ? null : <span class="result-host">{host.label}</span>;
}
