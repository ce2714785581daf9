// The thread that takes the types out of the page's modules. Only a checkout needs it: the package has them compiled.
import { stripTypeScriptTypes } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'

parentPort?.postMessage((workerData as readonly string[]).map(text => stripTypeScriptTypes(text)))
