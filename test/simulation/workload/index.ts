import type { Action } from './action.ts';
import { addTodo } from './add-todo.ts';
import { allClosed } from './all-closed.ts';
import { burst } from './burst.ts';
import { createList } from './create-list.ts';
import { createTaken } from './create-taken.ts';
import { createTodo } from './create-todo.ts';
import { decideSomething } from './decide.ts';
import { deleteList } from './delete-list.ts';
import { deleteTaken } from './delete-taken.ts';
import { deleteTodo } from './delete-todo.ts';
import { deploy } from './deploy.ts';
import { editByStrategy } from './edit-by-strategy.ts';
import { editFlag } from './edit-flag.ts';
import { editNote } from './edit-note.ts';
import { editNumber } from './edit-number.ts';
import { editSeveral } from './edit-several.ts';
import { editTitle } from './edit-title.ts';
import { expiring } from './expiring.ts';
import { forbidden } from './forbidden.ts';
import { handOver } from './hand-over.ts';
import { label } from './label.ts';
import { lease } from './lease.ts';
import { leaveAndReturn } from './leave-and-return.ts';
import { live } from './live.ts';
import { look } from './look.ts';
import { move } from './move.ts';
import { oldForm } from './old-form.ts';
import { pair } from './pair.ts';
import { pause } from './pause.ts';
import { pulledAhead } from './pulled-ahead.ts';
import { reload } from './reload.ts';
import { renameList } from './rename-list.ts';
import { secondTab } from './second-tab.ts';
import { secondThoughts } from './second-thoughts.ts';
import { signOut } from './sign-out.ts';
import { urgent } from './urgent.ts';
import { vote } from './vote.ts';

/** Everything that people do. A new kind of action is one file here, and its line. */
export const WORKLOAD: readonly Action[] = [
  createTodo,
  createList,
  createTaken,
  editTitle,
  editNote,
  editFlag,
  editNumber,
  editByStrategy,
  editSeveral,
  vote,
  label,
  move,
  renameList,
  pair,
  burst,
  oldForm,
  expiring,
  urgent,
  addTodo,
  live,

  forbidden,
  deleteTodo,
  deleteList,
  deleteTaken,
  decideSomething,
  secondThoughts,
  look,
  leaveAndReturn,
  reload,
  deploy,
  secondTab,
  handOver,
  allClosed,
  pulledAhead,
  pause,
  signOut,
  lease,
];
