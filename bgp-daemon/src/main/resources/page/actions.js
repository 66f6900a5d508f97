/** What changes something: who may, are they sure, and what came of it. */
import { h } from './dom.js';

let role = 'operator';

export function setRole(name) {
  role = name;
}

export const isOperator = () => role === 'operator';

const TOAST_MS = 8000;

/** Tells something for some seconds. */
export function toast(text) {
  const shown = h('p', {}, text);
  document.getElementById('toasts').append(shown);
  setTimeout(() => shown.remove(), TOAST_MS);
}

/** Opens a dialog that is gone when it is closed; Escape closes it, and focus goes back to where it was. */
export function open(label, ...content) {
  const dialog = h('dialog', { 'aria-label': label }, ...content);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks before something is done. run gets the reason if one is asked for; what it throws is shown, and the dialog stays. */
export function ask({ heading, text, action, reason, run }) {
  const error = h('p', { class: 'error', role: 'alert', hidden: true });
  const typed = h('input', { name: 'reason', maxlength: '120', autocomplete: 'off' });
  const confirm = h('button', { type: 'submit', class: 'primary' }, action);
  const dialog = open(
    heading,
    h(
      'form',
      {
        onsubmit: async (event) => {
          event.preventDefault();
          confirm.disabled = true;
          try {
            await run(typed.value.trim());
            dialog.close();
          } catch (failure) {
            error.textContent = failure.message;
            error.hidden = false;
            confirm.disabled = false;
          }
        },
      },
      h('h2', {}, heading),
      h('p', {}, text),
      reason && h('label', {}, h('span', {}, reason), typed),
      error,
      h(
        'div',
        { class: 'buttons' },
        confirm,
        h('button', { type: 'button', autofocus: !reason, onclick: () => dialog.close() }, 'Cancel'),
      ),
    ),
  );
}
