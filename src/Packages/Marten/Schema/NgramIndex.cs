using System.Reflection;
using Marten.Internal;
using Weasel.Postgresql.Tables;

namespace Marten.Schema.Indexing.FullText;

/// <summary>
/// An index over the parts of words, of one to three characters each (n-grams), which finds words by any part of them.
/// </summary>
public class NgramIndex : DocumentIndex
{
    private readonly IReadOnlyList<MemberInfo>? path;
    private string? dataConfig;

    internal NgramIndex(DocumentMapping mapping, IReadOnlyList<MemberInfo>? path)
        : base(mapping)
    {
        this.path = path;
        Method = IndexMethod.gin;
    }

    /// <summary>The indexed text, as SQL over the column data; default: the declared member, or the whole document.</summary>
    public string DataConfig
    {
        get => dataConfig ?? (path is null ? "data::text" : TextOf(Mapping.Locate(path, "")));
        set => dataConfig = value;
    }

    internal override IReadOnlyList<string> Expressions => [NgramFunctions.Vector(Mapping.Options, DataConfig)];

    internal override string NameSuffix => path is null ? "ngram" : "ngram_" + string.Join("_", path.Select(m => Identifiers.SnakeCase(m.Name)));

    private static string TextOf(SqlMember member) => member.PostgresType == "varchar" ? member.Sql : member.TextSql ?? member.Sql + "::text";
}
