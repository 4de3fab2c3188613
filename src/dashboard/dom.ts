// Finds what a template must hold, and writes only what changed (a write of the same text would
// still cost layout and disturb screen readers). Text only: nothing here parses HTML.

/** A copy of a template's one root element. */
export function fromTemplate(id: string): HTMLElement {
  const template = document.getElementById(id);
  const root = template instanceof HTMLTemplateElement ? template.content.firstElementChild : null;
  if (!(root instanceof HTMLElement)) throw new Error(`index.html lacks the template ${id}`);
  return root.cloneNode(true) as HTMLElement;
}

export function part(root: ParentNode, selector: string): HTMLElement {
  const found = root.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`index.html lacks ${selector}`);
  return found;
}

export function svgPart(root: ParentNode, selector: string): SVGElement {
  const found = root.querySelector(selector);
  if (!(found instanceof SVGElement)) throw new Error(`index.html lacks ${selector}`);
  return found;
}

export function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets an attribute, or takes it away when `value` is null. */
export function mark(element: Element, name: string, value: string | null): void {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/** Shows the text, or hides the element when there is none. */
export function writeOrHide(element: HTMLElement, text: string): void {
  write(element, text);
  element.hidden = text === "";
}

/** As `writeOrHide`, for what CSS may cut: the whole stands in its title. */
export function writeCut(element: HTMLElement, text: string): void {
  writeOrHide(element, text);
  mark(element, "title", text === "" ? null : text);
}

/** One child per text, each in an element of that name; children are kept where texts are. */
export function writeList(
  parent: HTMLElement,
  child: "span" | "li" | "p",
  texts: readonly string[],
): void {
  while (parent.children.length > texts.length) parent.lastElementChild?.remove();
  while (parent.children.length < texts.length) parent.append(document.createElement(child));
  texts.forEach((text, index) => write(parent.children[index] as Element, text));
}

/** Puts the elements in this order as the only children. The pinned one is never taken out of the
 * document, so that the element a person is on keeps its focus. */
export function arrange(
  parent: HTMLElement,
  wanted: readonly HTMLElement[],
  pinned: Element | null,
): void {
  const kept = new Set<Element>(wanted);
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  if (wanted.every((element, index) => parent.children[index] === element)) return;
  const anchor = pinned !== null && kept.has(pinned) ? pinned : null;
  let passed = anchor === null;
  for (const element of wanted) {
    if (element === anchor) passed = true;
    else if (passed) parent.append(element);
    else parent.insertBefore(element, anchor);
  }
}

const SVG = "http://www.w3.org/2000/svg";

/** A picture of the sprite beside words that say the same; null: to be set later. */
export function makeGlyph(className: string, name: string | null = null): SVGElement {
  const [svg, use] = [document.createElementNS(SVG, "svg"), document.createElementNS(SVG, "use")];
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  if (name !== null) use.setAttribute("href", `#glyph-${name}`);
  svg.append(use);
  return svg;
}

type Children = readonly (Node | string)[];

/** A new element: its class, attributes, and children (a string is text, never markup). */
export function make<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  given: Readonly<Record<string, string>> = {},
  children: Children = [],
): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
