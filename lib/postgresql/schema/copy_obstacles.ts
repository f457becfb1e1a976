/**
 * Whether a copy can replace a table: whether all that depends on the table, or that the catalogue says of it, is among what
 * the replacement makes anew. What is not known here is an obstacle.
 *
 * @module
 */

import type { Sql } from "../../engine/sql.ts";
import { relations } from "./schema_queries.ts";
import { sql } from "../sql/literals.ts";

/** What depends on a table, its row type or the type of its arrays, and the replacement does not make anew. */
const unknownDependent = sql`EXISTS (SELECT FROM pg_depend d
    LEFT JOIN pg_class k ON d.classid = 'pg_class'::regclass AND k.oid = d.objid
    WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND NOT CASE d.classid
      WHEN 'pg_class'::regclass THEN k.oid = c.reltoastrelid OR k.relkind = 'S' AND d.deptype IN ('a', 'i')
        OR k.relkind = 'i' AND EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = k.oid AND i.indrelid = c.oid)
      WHEN 'pg_type'::regclass THEN d.objid = c.reltype
      WHEN 'pg_attrdef'::regclass THEN EXISTS (SELECT FROM pg_attrdef e WHERE e.oid = d.objid AND e.adrelid = c.oid)
      WHEN 'pg_constraint'::regclass THEN EXISTS (SELECT FROM pg_constraint f WHERE f.oid = d.objid
        AND (f.conrelid = c.oid OR f.contype = 'f' AND f.confrelid = c.oid))
      WHEN 'pg_trigger'::regclass THEN EXISTS (SELECT FROM pg_trigger g WHERE g.oid = d.objid AND g.tgisinternal)
      ELSE false END)
  OR EXISTS (SELECT FROM pg_type t JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray)
    WHERE t.oid = c.reltype AND NOT (d.classid = 'pg_type'::regclass AND d.objid = t.typarray))
  OR EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('e', 'x'))`;

const specialColumn = sql`EXISTS (SELECT FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND (
      a.attgenerated <> '' OR a.attndims <> 0 OR a.attstattarget >= 0 OR a.attoptions IS NOT NULL
      OR a.attacl IS NOT NULL OR a.attstorage <> t.typstorage OR coalesce(to_jsonb(a) ->> 'attcompression', '') <> ''))`;

const specialIndex = sql`EXISTS (SELECT FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
    WHERE i.indrelid = c.oid AND (i.indisclustered OR i.indisreplident OR NOT i.indisvalid OR NOT i.indisready OR NOT i.indislive
      OR NOT i.indimmediate OR i.indisexclusion OR x.reltablespace <> 0
      OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attstattarget >= 0)))`;

/** A constraint that is none of CHECK, NOT NULL, PRIMARY KEY, UNIQUE and FOREIGN KEY, or one that partitions share. */
const specialConstraint = sql`EXISTS (SELECT FROM pg_constraint k
    LEFT JOIN pg_class parent ON parent.oid = k.confrelid LEFT JOIN pg_class child ON child.oid = k.conrelid
    WHERE (k.conrelid = c.oid OR k.contype = 'f' AND k.confrelid = c.oid)
      AND (k.contype NOT IN ('c', 'n', 'p', 'u', 'f') OR k.conparentid <> 0 OR NOT k.conislocal OR k.coninhcount <> 0
        OR coalesce((to_jsonb(k) ->> 'conperiod')::bool, false) OR parent.relkind = 'p' OR child.relkind <> 'r'))`;

/** An identity column's sequence with a privilege, a comment or storage of its own. */
const specialSequence = sql`EXISTS (SELECT FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
    WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.deptype = 'i'
      AND (s.relacl IS NOT NULL OR s.relowner <> c.relowner OR s.relpersistence <> 'p' OR obj_description(s.oid, 'pg_class') IS NOT NULL))`;

/** Privileges that someone else granted, or that new tables of the session's user have by default. */
const specialPrivileges = sql`EXISTS (SELECT FROM aclexplode(c.relacl) one WHERE one.grantor <> c.relowner)
  OR EXISTS (SELECT FROM pg_default_acl p WHERE p.defaclobjtype IN ('r', 'S')
    AND p.defaclrole = (SELECT oid FROM pg_roles WHERE rolname = current_user))`;

/** One row for each ordinary table: why no copy can replace it, for people, or NULL; and its storage parameters. */
export const copyObstaclesQuery: Sql = sql`
  WITH relation AS (${relations}), database AS (
    SELECT EXISTS (SELECT FROM pg_event_trigger WHERE evtenabled IN ('A', 'R')) AS has_event_triggers,
      EXISTS (SELECT FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
        JOIN pg_type t ON t.oid = a.atttypid
        WHERE 'pg_catalog.oid'::regtype IN (t.oid, t.typelem) OR t.typname ~ '^_?reg' AND t.oid < 16384) AS holds_identifiers
  )
  SELECT r.oid::text AS oid, to_json(coalesce(c.reloptions, '{}'))::text AS parameters, CASE
    WHEN r.relispartition OR EXISTS (SELECT FROM pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent)) THEN 'it is in a hierarchy'
    WHEN c.relpersistence <> 'p' OR c.reloftype <> 0 OR c.reltablespace <> 0 OR c.relreplident <> 'd'
      OR c.relam <> (SELECT oid FROM pg_am WHERE amname = 'heap')
      OR EXISTS (SELECT FROM pg_class t WHERE t.oid = c.reltoastrelid AND t.reloptions IS NOT NULL) THEN 'its storage is special'
    WHEN c.relrowsecurity OR c.relforcerowsecurity THEN 'it has row security'
    WHEN EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal)
      OR EXISTS (SELECT FROM pg_rewrite w WHERE w.ev_class = c.oid) THEN 'it has triggers or rules'
    WHEN ${unknownDependent} THEN 'other objects depend on it'
    WHEN ${specialColumn} THEN 'a column is special'
    WHEN ${specialSequence} THEN 'an identity is special'
    WHEN ${specialIndex} THEN 'an index is special'
    WHEN ${specialConstraint} THEN 'a constraint is special'
    WHEN ${specialPrivileges} THEN 'its privileges are special'
    WHEN EXISTS (SELECT FROM pg_seclabel l WHERE l.classoid = 'pg_class'::regclass AND l.objoid = c.oid) THEN 'it has a security label'
    WHEN NOT has_schema_privilege(c.relowner, c.relnamespace, 'CREATE') OR NOT has_schema_privilege(c.relnamespace, 'CREATE')
      OR NOT pg_has_role(c.relowner, 'MEMBER') THEN 'its owner may not create it'
    WHEN database.has_event_triggers THEN 'an event trigger always fires'
    WHEN database.holds_identifiers THEN 'a column of the database may hold identifiers of tables'
  END AS obstacle
  FROM relation r JOIN pg_class c ON c.oid = r.oid CROSS JOIN database
  WHERE r.relkind = 'r'`;
