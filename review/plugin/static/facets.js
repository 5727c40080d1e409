// Datasette's own table.js asks for this name; its page sets it in an inline script, which our policy forbids.
var DATASETTE_ALLOW_FACET = true;
