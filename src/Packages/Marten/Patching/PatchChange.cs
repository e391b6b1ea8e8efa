using System.Linq.Expressions;
using Marten.Linq.Translation;
using NpgsqlTypes;

namespace Marten.Patching;

/// <summary>One change of a document: a jsonb expression over the document before it. All values are parameters.</summary>
internal abstract record PatchChange
{
    /// <summary>The document after the change; <paramref name="json"/> is the one before, as a name that may occur often.</summary>
    public abstract string Apply(string json, SqlTranslator translator);

    protected static string Path(SqlTranslator translator, IEnumerable<string> keys) => translator.AddParameter(keys.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);

    protected static string Value(SqlTranslator translator, object? value) => translator.AddParameter(translator.Options.Serializer().ToJson(value), NpgsqlDbType.Jsonb);

    /// <summary>An array in the document; empty when there is none.</summary>
    protected static string ArrayAt(string json, string path) => $"(case when jsonb_typeof({json} #> {path}) = 'array' then {json} #> {path} else '[]'::jsonb end)";

    /// <summary>Whether an element, as a jsonb expression, is equal to a value or matches a condition.</summary>
    protected static string Matches(SqlTranslator translator, string element, string? value, LambdaExpression? predicate)
    {
        if (predicate is null)
            return $"{element} = {value}";
        translator.Bind(predicate.Parameters[0], new JsonScope(translator.Options.Locators, element, predicate.Parameters[0].Type));
        return $"coalesce({translator.Condition(predicate.Body)}, FALSE)";
    }
}

internal sealed record SetChange(string[] Keys, object? Content) : PatchChange
{
    public override string Apply(string json, SqlTranslator translator) => $"jsonb_set({json}, {Path(translator, Keys)}, {Value(translator, Content)}, true)";
}

internal sealed record DeleteChange(string[] Keys) : PatchChange
{
    public override string Apply(string json, SqlTranslator translator) => $"{json} #- {Path(translator, Keys)}";
}

internal sealed record CopyChange(string[] Source, string[] Target) : PatchChange
{
    public override string Apply(string json, SqlTranslator translator) =>
        $"jsonb_set({json}, {Path(translator, Target)}, coalesce({json} #> {Path(translator, Source)}, 'null'::jsonb), true)";
}

internal sealed record RenameChange(string[] Source, string[] Target) : PatchChange
{
    public override string Apply(string json, SqlTranslator translator)
    {
        var (source, target) = (Path(translator, Source), Path(translator, Target));
        return $"case when {json} #> {source} is null then {json} else jsonb_set({json} #- {source}, {target}, {json} #> {source}, true) end";
    }
}

internal sealed record IncrementChange(string[] Keys, object Amount) : PatchChange
{
    public override string Apply(string json, SqlTranslator translator)
    {
        var path = Path(translator, Keys);
        var amount = Amount switch
        {
            decimal number => translator.AddParameter(number, NpgsqlDbType.Numeric),
            double number => translator.AddParameter(number, NpgsqlDbType.Double) + "::numeric",
            _ => translator.AddParameter(Convert.ToInt64(Amount, System.Globalization.CultureInfo.InvariantCulture), NpgsqlDbType.Bigint) + "::numeric",
        };
        return $"jsonb_set({json}, {path}, to_jsonb(coalesce(({json} #>> {path})::numeric, 0) + {amount}), true)";
    }
}

internal sealed record InsertChange(string[] Keys, object? Element, int? Index) : PatchChange
{
    public bool OnlyNew { get; init; }

    public LambdaExpression? Predicate { get; init; }

    public override string Apply(string json, SqlTranslator translator)
    {
        var (path, element) = (Path(translator, Keys), Value(translator, Element));
        var array = ArrayAt(json, path);
        var longer = Index is { } index
            ? $"jsonb_insert({array}, {translator.AddParameter(new[] { index.ToString(System.Globalization.CultureInfo.InvariantCulture) }, NpgsqlDbType.Array | NpgsqlDbType.Text)}, {element})"
            : $"{array} || jsonb_build_array({element})";
        var changed = $"jsonb_set({json}, {path}, {longer}, true)";
        return OnlyNew
            ? $"case when exists (select 1 from jsonb_array_elements({array}) as x(value) where {Matches(translator, "x.value", element, Predicate)}) then {json} else {changed} end"
            : changed;
    }
}

internal sealed record RemoveChange(string[] Keys, object? Element, LambdaExpression? Predicate, RemoveAction Action) : PatchChange
{
    public override string Apply(string json, SqlTranslator translator)
    {
        var path = Path(translator, Keys);
        var value = Predicate is null ? Value(translator, Element) : null;
        var array = ArrayAt(json, path);
        var kept = Action == RemoveAction.RemoveAll
            ? $"not ({Matches(translator, "x.value", value, Predicate)})"
            : $"x.position is distinct from (select min(y.position) from jsonb_array_elements({array}) with ordinality as y(value, position) where {Matches(translator, "y.value", value, Predicate)})";
        var rest = $"(select coalesce(jsonb_agg(x.value order by x.position), '[]'::jsonb) from jsonb_array_elements({array}) with ordinality as x(value, position) where {kept})";
        return $"case when jsonb_typeof({json} #> {path}) = 'array' then jsonb_set({json}, {path}, {rest}) else {json} end";
    }
}
