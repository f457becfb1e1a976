/** A database that nobody wrote rules for: six tables with every kind of personal column. All values are made up. @module */

import type { EngineName } from "../../../lib/core/engine_name.ts";

interface Words {
  readonly key: string;
  readonly moment: string;
  readonly json: string;
  readonly bool: string;
}

const words: Readonly<Record<EngineName, Words>> = {
  postgresql: {
    key: "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    moment: "timestamp with time zone NOT NULL DEFAULT now()",
    json: "jsonb",
    bool: "boolean NOT NULL DEFAULT true",
  },
  mysql: {
    key: "bigint NOT NULL AUTO_INCREMENT PRIMARY KEY",
    moment: "timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP",
    json: "json",
    bool: "boolean NOT NULL DEFAULT true",
  },
};

/** Creates the tables. */
export function ordersSchema(engine: EngineName): string {
  const { key, moment, json, bool } = words[engine];
  return `
CREATE TABLE customers (id ${key}, first_name varchar(60), last_name varchar(60) NOT NULL, email varchar(120) NOT NULL UNIQUE,
  phone varchar(30), mobile varchar(30), date_of_birth date, gender varchar(10), national_insurance_number varchar(13),
  nhs_number varchar(12), iban varchar(34), card_number varchar(19), sort_code varchar(8), account_number varchar(20),
  address_line_1 varchar(100), address_line_2 varchar(100), town varchar(60), county varchar(60), postcode varchar(10),
  country char(2) NOT NULL, last_ip varchar(45), user_agent varchar(255), password_hash varchar(80), api_token varchar(64),
  username varchar(40) UNIQUE, website varchar(200), notes text, marketing_opt_in ${bool}, created_at ${moment});
CREATE TABLE suppliers (id ${key}, company_name varchar(80) NOT NULL, contact_name varchar(80), contact_email varchar(120),
  vat_number varchar(20), mac_address varchar(17), vehicle_registration varchar(10));
CREATE TABLE products (id ${key}, name varchar(80) NOT NULL, sku varchar(20) NOT NULL UNIQUE, price decimal(10,2) NOT NULL, description text,
  currency char(3) NOT NULL, status varchar(20) NOT NULL);
CREATE TABLE orders (id ${key}, customer_id bigint NOT NULL, status varchar(20) NOT NULL, currency char(3) NOT NULL,
  total decimal(10,2) NOT NULL, shipping_name varchar(100), shipping_street varchar(100), shipping_city varchar(60),
  shipping_postcode varchar(10), delivery_instructions text, details ${json}, placed_at ${moment},
  FOREIGN KEY (customer_id) REFERENCES customers (id));
CREATE TABLE order_lines (id ${key}, order_id bigint NOT NULL, product_id bigint NOT NULL, quantity integer NOT NULL DEFAULT 1,
  FOREIGN KEY (order_id) REFERENCES orders (id), FOREIGN KEY (product_id) REFERENCES products (id));
CREATE TABLE sessions (id ${key}, session_token varchar(64) NOT NULL UNIQUE, customer_id bigint, ip_address varchar(45), data text,
  FOREIGN KEY (customer_id) REFERENCES customers (id));`;
}

/**
 * All or part of every personal value: none may be found afterwards, whatever its case. Long enough that random pseudonyms do not
 * contain one by chance: three letters did. The mobile numbers are not Ofcom's for drama, of which the pseudonyms are.
 */
export const planted: readonly string[] = [
  "zmark",
  "00:1B:44:11:3A",
  ...[1, 2, 3].flatMap((n) => [
    `7946 000${n}`,
    `7911 12340${n}`,
    `AB12345${n}C`,
    `943 476 591${n}`,
    `GB82 WEST 1234 5698 7654 3${n}`,
    `4111 1111 1111 111${n}`,
    `20-11-0${n}`,
    `5577900${n}`,
    `81.2.69.${n}`,
    `GB99 999 ${n}`,
    `AB1${n} CDE`,
    `ZQ1 ${n}AB`,
    `ZQ1 ${n}CD`,
  ]),
];

/** The rows: texts with a mark, numbers in their shapes. */
export function ordersRows(): string {
  const rows = [1, 2, 3].map((n) => ({
    customer:
      `('zmark First${n}', 'zmark Last${n}', 'zmark${n}@post.test', '+44 20 7946 000${n}', '07911 12340${n}', '197${n}-0${n}-1${n}', ` +
      `'zmarkg', 'AB12345${n}C', '943 476 591${n}', 'GB82 WEST 1234 5698 7654 3${n}', '4111 1111 1111 111${n}', '20-11-0${n}', '5577900${n}', ` +
      `'${n} zmark Street', 'zmark Flat ${n}', 'zmark Town', 'zmark Shire', 'ZQ1 ${n}AB', 'GB', '81.2.69.${n}', 'Mozilla/5.0 zmark/${n}', ` +
      `'$2b$12$zmark${"x".repeat(40)}${n}', 'zmark${
        "f".repeat(30)
      }${n}', 'zmark_user${n}', 'https://zmark${n}.test/me', 'Rang zmark back, see zmark${n}@post.test')`,
    supplier:
      `('zmark Supplies ${n} Ltd', 'zmark Contact${n}', 'zmark.c${n}@post.test', 'GB99 999 ${n}', '00:1B:44:11:3A:0${n}', 'AB1${n} CDE')`,
    product: `('Oak table ${n}', 'SKU-${n}', ${n}.50, 'Solid oak, ${n}20 cm', 'GBP', 'active')`,
    order:
      `(${n}, 'paid', 'GBP', ${n}.50, 'zmark Name${n}', '${n} zmark Road', 'zmark City', 'ZQ1 ${n}CD', 'Leave it with zmark', ` +
      `'{"user":{"email":"zmark${n}@post.test"},"gift":true}')`,
    line: `(${n}, ${n}, ${n})`,
    session: `('zmarktoken${n}', ${n}, '81.2.69.1${n}', 'zmark data')`,
  }));
  const list = (of: keyof (typeof rows)[number]) => rows.map((row) => row[of]).join(",\n");
  return `
INSERT INTO customers (first_name, last_name, email, phone, mobile, date_of_birth, gender, national_insurance_number, nhs_number, iban,
  card_number, sort_code, account_number, address_line_1, address_line_2, town, county, postcode, country, last_ip, user_agent,
  password_hash, api_token, username, website, notes) VALUES ${list("customer")};
INSERT INTO suppliers (company_name, contact_name, contact_email, vat_number, mac_address, vehicle_registration) VALUES ${
    list("supplier")
  };
INSERT INTO products (name, sku, price, description, currency, status) VALUES ${list("product")};
INSERT INTO orders (customer_id, status, currency, total, shipping_name, shipping_street, shipping_city, shipping_postcode,
  delivery_instructions, details) VALUES ${list("order")};
INSERT INTO order_lines (order_id, product_id, quantity) VALUES ${list("line")};
INSERT INTO sessions (session_token, customer_id, ip_address, data) VALUES ${list("session")};`;
}
