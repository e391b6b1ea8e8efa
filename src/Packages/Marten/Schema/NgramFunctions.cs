using Marten.Internal;
using Marten.Storage;

namespace Marten.Schema.Indexing.FullText;

/// <summary>
/// The functions of n-gram search. Letters and digits of any script count, in lower case. A text is found when it has all
/// parts of the searched words, so that short parts may be found in different words.
/// </summary>
internal static class NgramFunctions
{
    private const string Unaccent = "mt_safe_unaccent";
    private const string Grams = "mt_grams_array";

    /// <summary>The parts of a text, spelled alike in indexes and queries.</summary>
    public static string Vector(StoreOptions options, string text) => $"{Name(options, "mt_grams_vector")}({text}, {Flag(options)})";

    /// <summary>The search for all parts of a text.</summary>
    public static string Query(StoreOptions options, string text) => $"{Name(options, "mt_grams_query")}({text}, {Flag(options)})";

    /// <summary>The functions that the indexes of a store need, in the order in which they are created.</summary>
    public static IEnumerable<SchemaObject> Objects(StoreOptions options)
    {
        var schema = options.DatabaseSchemaName;
        if (options.Advanced.UseNGramSearchWithUnaccent)
        {
            yield return new ExtensionObject(schema, "unaccent", "N-gram search without accents");
            yield return new FunctionObject(schema, Unaccent, UnaccentScript(options)) { KeepExisting = true };
        }

        // The body is looked up when it runs, so that mt_safe_unaccent need not exist where no index asks for it. All names
        // are qualified: maintenance of indexes and restoring a dump run without a search path.
        yield return Function(options, Grams, "text[]", "plpgsql",
            $"""
            declare
                word text;
                grams text[] := '{"{}"}';
            begin
                if use_unaccent then
                    words := {Name(options, Unaccent)}(true, words);
                end if;
                for word in select distinct part from regexp_split_to_table(lower(words), '[^[:alnum:]]+') as part where part <> '' loop
                    for i in 1..length(word) loop
                        grams := grams || substr(word, i, 1) || substr(word, i, 2) || substr(word, i, 3);
                    end loop;
                end loop;
                return array(select distinct gram from unnest(grams) as gram);
            end
            """);
        yield return Function(options, "mt_grams_vector", "tsvector", "sql", $"select array_to_tsvector({Name(options, Grams)}(words, use_unaccent))");
        yield return Function(options, "mt_grams_query", "tsquery", "sql", $"select string_agg(quote_literal(gram), ' & ')::tsquery from unnest({Name(options, Grams)}(words, use_unaccent)) as gram");
    }

    private static string Flag(StoreOptions options) => options.Advanced.UseNGramSearchWithUnaccent ? "TRUE" : "FALSE";

    private static string Name(StoreOptions options, string function) => Identifiers.Qualify(options.DatabaseSchemaName, function);

    private static FunctionObject Function(StoreOptions options, string name, string type, string language, string body) => new(
        options.DatabaseSchemaName,
        name,
        $"CREATE OR REPLACE FUNCTION {Name(options, name)}(words text, use_unaccent boolean DEFAULT FALSE) RETURNS {type} LANGUAGE {language} IMMUTABLE AS {FunctionObject.Mark}\n{body}\n{FunctionObject.Mark};")
    {
        KeepExisting = true,
    };

    // PostgreSQL's own unaccent is not immutable because its dictionary may change; an index needs a function that is. The
    // extension may be in any schema, which is only known where it is installed.
    private static string UnaccentScript(StoreOptions options) =>
        $"""
        DO $create$
        DECLARE
            place text := (select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'unaccent');
        BEGIN
            EXECUTE format(
                'CREATE OR REPLACE FUNCTION {Name(options, Unaccent).Replace("'", "''", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal)}(use_unaccent boolean, word text) RETURNS text LANGUAGE sql IMMUTABLE AS %L',
                format('select case when $1 then %1$I.unaccent(%2$L::regdictionary, $2) else $2 end', place, quote_ident(place) || '.unaccent'));
        END
        $create$;
        """;
}
