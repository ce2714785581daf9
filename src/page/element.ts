// Makes and changes elements. Whatever comes from outside becomes text, never markup: nothing here, and nothing else of
// the page, sets any.

type Attributes = Readonly<Record<string, string>>

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children)
  return made
}

/** One that index.html has. */
export function byId<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const found = document.getElementById(id)
  if (!found) throw new Error(`the page has no #${id}`)
  return found as Kind
}

/** Leaves alone what says it already: a selection in it stays, and nothing is announced twice. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text
}

export function setAttribute(target: Element, name: string, value: string): void {
  if (target.getAttribute(name) !== value) target.setAttribute(name, value)
}

export function setHidden(target: HTMLElement, isHidden: boolean): void {
  if (target.hidden !== isHidden) target.hidden = isHidden
}

export function setBadge(
  badge: Element,
  { text, tone }: { readonly text: string; readonly tone: string },
): void {
  setText(badge, text)
  setAttribute(badge, 'class', `badge ${tone}`)
}
