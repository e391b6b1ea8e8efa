using Marten.Internal;

namespace Marten.Storage;

/// <summary>The table and function that hand out blocks of integer identities.</summary>
internal sealed class HiloFeature(string schema) : ISchemaFeature
{
    public string Identifier => Identifiers.Qualify(schema, "mt_hilo");

    public IReadOnlyList<SchemaObject> Objects => [Table(), NextBlock()];

    private TableObject Table()
    {
        var table = new TableObject(schema, "mt_hilo") { PrimaryKeyName = "pkey_mt_hilo_entity_name", PrimaryKey = ["entity_name"] };
        table.Columns.Add(new ColumnObject("entity_name", "varchar", true));
        table.Columns.Add(new ColumnObject("hi_value", "bigint", false, "0"));
        return table;
    }

    private FunctionObject NextBlock()
    {
        var table = Identifiers.Qualify(schema, "mt_hilo");
        var script =
            $"""
            CREATE OR REPLACE FUNCTION {Identifiers.Qualify(schema, "mt_get_next_hi")}(entity varchar) RETURNS integer LANGUAGE sql AS {FunctionObject.Mark}
              insert into {table} as h (entity_name, hi_value) values (entity, 0)
              on conflict (entity_name) do update set hi_value = h.hi_value + 1
              returning h.hi_value::integer
            {FunctionObject.Mark};
            """;
        return new FunctionObject(schema, "mt_get_next_hi", script) { KeepExisting = true };
    }
}
