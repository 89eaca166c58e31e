import type { Action } from './action.ts';
import { createList } from './create-list.ts';
import { createTodo } from './create-todo.ts';
import { deleteTodo } from './delete-todo.ts';
import { editByStrategy } from './edit-by-strategy.ts';
import { editFlag } from './edit-flag.ts';
import { editNote } from './edit-note.ts';
import { editNumber } from './edit-number.ts';
import { editSeveral } from './edit-several.ts';
import { editTitle } from './edit-title.ts';
import { label } from './label.ts';
import { vote } from './vote.ts';

/** Everything that people do. A new kind of action is one file here, and its line. */
export const WORKLOAD: readonly Action[] = [
  createTodo,
  createList,
  editTitle,
  editNote,
  editFlag,
  editNumber,
  editByStrategy,
  editSeveral,
  vote,
  label,
  deleteTodo,
];
