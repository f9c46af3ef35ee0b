// Serves CouchDB's protocol with express-pouchdb over PouchDB on leveldb: run in a folder of its own, with the port as the argument.
const express = require("express");
const PouchDB = require("pouchdb").defaults({ prefix: `${process.cwd()}/` });
const serve = require("express-pouchdb")(PouchDB, { mode: "minimumForPouchDB", inMemoryConfig: true });

express()
  .use("/", serve)
  .listen(Number(process.argv[2]), "127.0.0.1");
