using System.Reflection;
using Marten.Internal;
using Weasel.Postgresql.Tables;

namespace Marten.Schema;

/// <summary>Whether a unique index covers a column or an expression over the JSON.</summary>
public enum UniqueIndexType
{
    /// <summary>The member becomes a column, which is indexed.</summary>
    DuplicatedField = 0,

    /// <summary>An expression over the JSON is indexed.</summary>
    Computed = 1,
}

/// <summary>An index of a document table.</summary>
public class DocumentIndex
{
    private readonly string[] columns;
    private string? name;

    internal DocumentIndex(DocumentMapping mapping, params string[] columns)
    {
        Mapping = mapping;
        this.columns = columns;
    }

    /// <summary>The name; default: the table's name, <c>idx</c> or <c>uidx</c>, and the members.</summary>
    public string Name
    {
        get => name ?? DefaultName();
        set => name = value;
    }

    /// <summary>Whether values must be unique.</summary>
    public bool IsUnique { get; set; }

    /// <summary>How the index is kept; default: a balanced tree.</summary>
    public IndexMethod Method { get; set; } = IndexMethod.btree;

    /// <summary>The direction; default: ascending.</summary>
    public SortOrder SortOrder { get; set; } = SortOrder.Asc;

    /// <summary>A condition, without the word where, that limits which rows the index covers.</summary>
    public string? Predicate { get; set; }

    /// <summary>An operator class, such as jsonb_path_ops.</summary>
    public string? Mask { get; set; }

    internal DocumentMapping Mapping { get; }

    /// <summary>Within which documents a unique index is unique.</summary>
    internal TenancyScope Scope { get; set; }

    /// <summary>The indexed columns or expressions as SQL without a table alias.</summary>
    internal virtual IReadOnlyList<string> Expressions => columns;

    internal virtual string NameSuffix => string.Join("_", columns);

    internal string CreateScript()
    {
        var unique = IsUnique ? "UNIQUE " : "";
        var order = SortOrder == SortOrder.Desc ? " DESC" : "";
        var mask = Mask is null ? "" : " " + Mask;
        var where = Predicate is null ? "" : $" WHERE ({Predicate})";
        var list = (StartsByTenant ? "tenant_id, " : "") + string.Join(", ", Expressions.Select(e => e + mask + order));
        return $"CREATE {unique}INDEX {Identifiers.Quote(Name)} ON {Mapping.QualifiedTableName} USING {Method} ({list}){where};";
    }

    // Other methods than a balanced tree have no operators for plain text.
    private bool StartsByTenant => Mapping.IsConjoined && Method == IndexMethod.btree && (Scope == TenancyScope.PerTenant || Mapping.Root.StartsIndexesByTenant) && (Expressions.Count == 0 || Expressions[0] != "tenant_id");

    private string DefaultName() => $"{Mapping.TableName}{(IsUnique ? "_uidx_" : "_idx_")}{NameSuffix}";
}

/// <summary>An index over an expression on the JSON of a document.</summary>
public class ComputedIndex : DocumentIndex
{
    private readonly IReadOnlyList<IReadOnlyList<MemberInfo>> paths;

    internal ComputedIndex(DocumentMapping mapping, IReadOnlyList<IReadOnlyList<MemberInfo>> paths)
        : base(mapping)
    {
        this.paths = paths;
    }

    /// <summary>The letter case that text is indexed in.</summary>
    public enum Casings
    {
        /// <summary>As stored.</summary>
        Default = 0,

        /// <summary>Upper case.</summary>
        Upper = 1,

        /// <summary>Lower case.</summary>
        Lower = 2,
    }

    /// <summary>Within which documents a unique index is unique; default: within all.</summary>
    public TenancyScope TenancyScope
    {
        get => Scope;
        set => Scope = value;
    }

    /// <summary>The letter case that text is indexed in; default: as stored.</summary>
    public Casings Casing { get; set; }

    internal override IReadOnlyList<string> Expressions => [.. paths.Select(path => "(" + Cased(Mapping.Locate(path, "")) + ")")];

    internal override string NameSuffix => string.Concat(paths.Select(path => string.Join("_", path.Select(m => Identifiers.SnakeCase(m.Name)))));

    private string Cased(SqlMember member) => member.PostgresType != "varchar" ? member.Sql : Casing switch
    {
        Casings.Upper => $"upper({member.Sql})",
        Casings.Lower => $"lower({member.Sql})",
        _ => member.Sql,
    };
}

/// <summary>A full-text index over the whole JSON or some of its members.</summary>
public class FullTextIndexDefinition : DocumentIndex
{
    private readonly IReadOnlyList<IReadOnlyList<MemberInfo>> paths;
    private string? dataConfig;

    internal FullTextIndexDefinition(DocumentMapping mapping, string regConfig, IReadOnlyList<IReadOnlyList<MemberInfo>> paths)
        : base(mapping)
    {
        this.paths = paths;
        RegConfig = regConfig;
        Method = IndexMethod.gin;
    }

    /// <summary>The text search configuration; default: english.</summary>
    public string RegConfig { get; set; }

    /// <summary>The indexed document or text, as SQL over the column data; default: the whole document, or the declared members.</summary>
    public string DataConfig
    {
        get => dataConfig ?? (paths.Count == 0
            ? "data"
            : "(" + string.Join(" || ' ' || ", paths.Select(p => $"coalesce({Mapping.Options.Locators.Locate("data", p).TextSql}, '')")) + ")");
        set => dataConfig = value;
    }

    internal override IReadOnlyList<string> Expressions => [VectorSql("")];

    internal override string NameSuffix => "fts";

    /// <summary>The indexed expression; with a table alias for queries, which must spell it the same way to use the index.</summary>
    internal string VectorSql(string tableAlias)
    {
        var document = tableAlias.Length == 0
            ? DataConfig
            : System.Text.RegularExpressions.Regex.Replace(DataConfig, @"(?<![\w.'])data(?![\w'])", tableAlias + ".data");
        return $"to_tsvector({Identifiers.Literal(RegConfig)}::regconfig, {document})";
    }
}
