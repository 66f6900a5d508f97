/** The form for an access token. It is kept for this tab only, and leaves it only towards the daemon. */
import { h } from './dom.js';
import { token } from './api.js';

/** A form that gives what was typed to onToken. */
export function loginForm(message, onToken) {
  const input = h('input', {
    type: 'password',
    name: 'token',
    required: true,
    autocomplete: 'current-password',
    spellcheck: 'false',
  });
  return h(
    'form',
    {
      class: 'panel login',
      onsubmit: (event) => {
        event.preventDefault();
        const field = event.target.elements.token; // the one on the page, which stays when the form is shown again
        const text = field.value.trim();
        field.value = '';
        onToken(text);
      },
    },
    h('h1', { tabindex: '-1' }, 'Access token'),
    h(
      'p',
      {},
      'The daemon asks who you are. Its tokens are in ',
      h('code', {}, 'api.tokens'),
      ' of its configuration; it is kept in this tab until you close it.',
    ),
    token.get() && h('p', { class: 'error', role: 'alert' }, message),
    h('label', {}, h('span', {}, 'Token'), input),
    h('div', { class: 'buttons' }, h('button', { type: 'submit', class: 'primary' }, 'Sign in')),
  );
}
