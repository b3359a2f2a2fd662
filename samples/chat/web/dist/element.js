/*
 * The elements of the page, by their selectors.
 */
/** The element that a selector names, which the page always has. */
export function element(selector, type, within = document) {
    const found = within.querySelector(selector);
    if (!(found instanceof type))
        throw new Error(`The page has no ${selector}.`);
    return found;
}
/** Shows a text wherever the page has a place for it. */
export function fill(name, text) {
    for (const place of document.querySelectorAll(`[data-show="${name}"]`))
        place.textContent = text;
}
