using Marten.Internal;

namespace Marten.Storage;

/// <summary>An extension of PostgreSQL that the store needs. It belongs to the database, not to a schema of the store.</summary>
/// <param name="schema">The schema of the store.</param>
/// <param name="name">The extension.</param>
/// <param name="purpose">What needs it, as the beginning of a sentence.</param>
internal sealed class ExtensionObject(string schema, string name, string purpose) : SchemaObject(schema, name)
{
    public override string CreateScript()
    {
        var literal = Identifiers.Literal(Name);
        var missing = Identifiers.Literal($"{purpose} needs the PostgreSQL extension {Name}, which this server does not have. Install the contrib package of the server, or turn the setting off.");
        var denied = Identifiers.Literal($"{purpose} needs the PostgreSQL extension {Name}, which this role may not create. Let the owner of the database create it.");
        return $"""
            DO $create$
            BEGIN
                IF NOT EXISTS (select from pg_available_extensions where name = {literal}) THEN
                    RAISE EXCEPTION USING MESSAGE = {missing}, ERRCODE = 'feature_not_supported';
                END IF;
                CREATE EXTENSION IF NOT EXISTS {Identifiers.Quote(Name)};
            EXCEPTION WHEN insufficient_privilege THEN
                RAISE EXCEPTION USING MESSAGE = {denied}, ERRCODE = 'insufficient_privilege';
            END
            $create$;
            """;
    }
}
