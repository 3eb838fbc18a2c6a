// What no first answer needs: the site fetches it when it is first asked for.

export { compare } from "./compare.js";
export { EXAMPLES } from "./examples.js";
export { guideSection } from "./view/guide.js";
export { takeAlong } from "./view/takeaway.js";
