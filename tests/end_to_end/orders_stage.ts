/** A small database of an application without a scrubber on a server of each engine, for tests of commands by URL. @module */

import * as servers from "../servers.ts";

/** The databases by URL, and a folder for files. Both servers stop when the tests of the file have ended. */
export interface OrdersStage {
  readonly urls: { readonly postgresql: string; readonly mysql: string };
  readonly folder: string;
}

/** Makes `orders_test` with one table on both engines, for a developer who is no superuser. */
export async function ordersStage(table: string): Promise<OrdersStage> {
  const postgresql = await servers.postgresql({ applications: ["application"] });
  const mysql = await servers.mysql();
  const folder = await Deno.makeTempDir();
  Deno.test.afterAll(async () => {
    await postgresql.stop("now");
    await mysql.stop("now");
    await Deno.remove(folder, { recursive: true });
  });
  await postgresql.run("CREATE DATABASE orders_test OWNER application");
  await postgresql.run(`SET ROLE application; ${table}`, "orders_test");
  await postgresql.run("CREATE ROLE developer LOGIN PASSWORD 'laptop'; GRANT application TO developer");
  await mysql.run("CREATE DATABASE orders_test");
  await mysql.run(table, "orders_test");
  await mysql.run("CREATE USER developer IDENTIFIED BY 'laptop'; GRANT ALL ON orders_test.* TO developer");
  return {
    urls: {
      postgresql: `postgresql://developer:laptop@localhost:${postgresql.port}/orders_test`,
      mysql: `mysql://developer:laptop@127.0.0.1:${mysql.port}/orders_test`,
    },
    folder,
  };
}
