/** Starts the app in the page: the one place where the rooms of the browser side are put together. */
import { render } from "preact";

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no #app element");
render(<h1>拜訪 Baifang</h1>, root);
