// Serves CouchDB's protocol with express-pouchdb over PouchDB on leveldb, and an empty page with PouchDB in it for browsers.
// Run in a folder of its own, with the port as the argument.
const express = require("express");
const PouchDB = require("pouchdb").defaults({ prefix: `${process.cwd()}/` });
const serve = require("express-pouchdb")(PouchDB, { mode: "minimumForPouchDB", inMemoryConfig: true });

const PAGE = '<!doctype html><meta charset="utf-8"><title>PouchDB</title><script src="/_page/pouchdb.min.js"></script>';

express()
  .get("/_page/", (_, answer) => answer.type("html").send(PAGE))
  .use("/_page", express.static(`${process.env.NODE_PATH}/pouchdb/dist`))
  .use("/", serve)
  .listen(Number(process.argv[2]), "127.0.0.1");
