using System.Collections.Frozen;

namespace ModularMonolith.Architecture.Sql;

/// <summary>The words of PostgreSQL that decide how a text is read.</summary>
internal static class SqlWords
{
    /// <summary>What a statement begins with.</summary>
    public static readonly FrozenSet<string> Verbs =
    [
        "select", "insert", "update", "delete", "merge", "truncate", "with", "create", "alter", "drop", "grant", "revoke", "comment", "lock", "copy", "call", "do", "refresh", "reindex",
        "vacuum", "analyze", "cluster", "declare", "prepare", "execute", "explain", "set", "table", "values", "import", "security", "perform", "begin", "reassign", "notify", "listen", "fetch",
        "reset", "show",
    ];

    /// <summary>What a part of a statement begins with, where a statement is put together of parts.</summary>
    public static readonly FrozenSet<string> Clauses =
    [
        "from", "join", "left", "right", "inner", "full", "cross", "natural", "lateral", "where", "and", "or", "union", "except", "intersect", "exists", "in", "on", "using", "order", "group",
        "having", "returning", "into", "not", "limit", "offset", "for", "as", "case", "when", "then", "else",
    ];

    /// <summary>Words that are no names where a name or an alias could stand.</summary>
    public static readonly FrozenSet<string> Reserved =
    [
        .. Verbs, .. Clauses, "distinct", "all", "only", "by", "outer", "is", "null", "like", "ilike", "between", "end", "desc", "asc", "over", "partition", "window", "both", "leading",
        "trailing", "if", "cascade", "restrict", "default", "primary", "foreign", "unique", "check", "references", "constraint", "collate", "any", "some", "array", "row", "rows", "nulls",
        "tablesample", "matched", "conflict", "nothing", "to", "loop", "return", "returns", "materialized", "recursive", "concurrently", "placing", "overriding", "with", "without", "inherits",
    ];

    /// <summary>Behind which, in a statement about a kind of object, its name stands.</summary>
    public static readonly FrozenSet<string> Objects =
        ["table", "view", "sequence", "index", "function", "procedure", "routine", "aggregate", "type", "domain", "statistics", "collation", "conversion", "trigger", "rule", "policy", "publication"];

    /// <summary>Statements about objects.</summary>
    public static readonly FrozenSet<string> Definitions = ["create", "alter", "drop", "comment", "grant", "revoke", "refresh", "reindex", "truncate", "lock", "cluster", "vacuum", "analyze", "security", "copy"];

    /// <summary>What may stand between the kind of an object and its name.</summary>
    public static readonly FrozenSet<string> Modifiers = ["if", "not", "exists", "only", "concurrently", "lateral", "materialized", "temporary", "temp", "unlogged"];

    /// <summary>Functions one of whose texts names an object.</summary>
    public static readonly FrozenSet<string> Naming =
    [
        "nextval", "setval", "currval", "to_regclass", "to_regproc", "to_regprocedure", "to_regtype", "pg_get_serial_sequence", "pg_relation_size", "pg_total_relation_size", "pg_table_size",
        "pg_indexes_size", "has_table_privilege", "has_sequence_privilege", "has_function_privilege", "has_column_privilege", "table_to_xml", "pg_prewarm", "create_hypertable",
    ];

    /// <summary>Functions one of whose texts names a schema.</summary>
    public static readonly FrozenSet<string> SchemaNaming = ["to_regnamespace", "has_schema_privilege", "schema_to_xml"];

    /// <summary>Functions one of whose texts is a statement.</summary>
    public static readonly FrozenSet<string> Running =
        ["dblink", "dblink_exec", "dblink_open", "dblink_send_query", "query_to_xml", "query_to_xmlschema", "query_to_xml_and_xmlschema", "ts_stat", "crosstab", "crosstabn", "connectby"];

    /// <summary>Columns of the catalogues that hold names of schemas.</summary>
    public static readonly FrozenSet<string> SchemaColumns = ["table_schema", "nspname", "schemaname", "schema_name", "sequence_schema", "routine_schema", "specific_schema", "udt_schema", "event_object_schema"];

    /// <summary>Words of sentences that are neither PostgreSQL's nor usual names of columns.</summary>
    public static readonly FrozenSet<string> Prose =
        ["the", "your", "you", "this", "that", "which", "because", "please", "cannot", "must", "should", "will", "has", "have", "there", "these", "an", "was", "were", "be", "are", "it", "its", "they", "than", "nothing"];
}
