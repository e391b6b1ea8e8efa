using System.Reflection;
using Marten.Internal.Sessions;
using Marten.Internal.Storage;
using Marten.Schema;
using Npgsql;

namespace Marten.Linq.Translation;

/// <summary>What a parameter of a query's lambda stands for in SQL.</summary>
internal abstract class QueryScope
{
    /// <summary>The CLR type.</summary>
    public abstract Type Type { get; }

    /// <summary>The whole as jsonb.</summary>
    public abstract string JsonSql { get; }

    /// <summary>The mapping, for documents.</summary>
    public virtual DocumentMapping? Mapping => null;

    /// <summary>The alias of the rows.</summary>
    public virtual string Alias => "d";

    /// <summary>The rows, where they can be read as a whole.</summary>
    public QuerySource? Source { get; set; }

    /// <summary>Whether the row may be absent: the right side of an outer join.</summary>
    public bool MayBeMissing { get; set; }

    /// <summary>The SQL of a member; an empty path is the whole.</summary>
    public abstract SqlMember Locate(IReadOnlyList<MemberInfo> path);

    /// <summary>The member of the concrete type where an expression names that of an interface.</summary>
    protected List<MemberInfo> Concrete(IReadOnlyList<MemberInfo> path)
    {
        var result = new List<MemberInfo>(path.Count);
        var owner = Type;
        foreach (var member in path)
        {
            var concrete = member.DeclaringType is { IsInterface: true } && !owner.IsInterface ? owner.GetProperty(member.Name) ?? member : member;
            result.Add(concrete);
            owner = JsonLocators.TypeOf(concrete);
        }

        return result;
    }
}

/// <summary>A document of a table.</summary>
internal sealed class DocumentScope(DocumentMapping mapping, string alias = "d") : QueryScope
{
    public override Type Type => mapping.DocumentType;

    public override string JsonSql => alias + ".data";

    public override DocumentMapping Mapping => mapping;

    public override string Alias => alias;

    public override SqlMember Locate(IReadOnlyList<MemberInfo> path) =>
        path.Count == 0 ? mapping.Options.Locators.Locate(JsonSql, path, Type) : mapping.Locate(Concrete(path), alias);
}

/// <summary>A jsonb value: an element of a collection, for example.</summary>
internal sealed class JsonScope(JsonLocators locators, string json, Type type) : QueryScope
{
    public override Type Type => type;

    public override string JsonSql => json;

    public override SqlMember Locate(IReadOnlyList<MemberInfo> path) => locators.Locate(json, Concrete(path), type);
}

/// <summary>The rows that a query begins with. Documents have one; the event store brings its own.</summary>
internal abstract class QuerySource
{
    /// <summary>What the lambdas of the query see.</summary>
    public abstract QueryScope Scope { get; }

    /// <summary>The type whose tables must exist, as for <see cref="QuerySession.EnsureStorageAsync"/>.</summary>
    public abstract Type StorageType { get; }

    /// <summary>The table and its alias.</summary>
    public abstract string From { get; }

    /// <summary>A condition that holds unless the query says otherwise, or null.</summary>
    public abstract string? DefaultFilter { get; }

    /// <summary>The columns that <see cref="Read"/> needs.</summary>
    public abstract string SelectColumns { get; }

    /// <summary>How many columns <see cref="SelectColumns"/> has.</summary>
    public abstract int ColumnCount { get; }

    /// <summary>The conditions that the query does not state: the default filter, unless the query named what it hides.</summary>
    public virtual IEnumerable<string> Filters(SqlTranslator translator) =>
        DefaultFilter is { } filter && !translator.NamesDeletedRows ? [filter] : [];

    /// <summary>The result of the current row.</summary>
    public abstract object Read(NpgsqlDataReader reader, int firstColumn, QuerySession session);

    /// <summary>The result of the current row, where making it may have to wait for something.</summary>
    public virtual ValueTask<object> ReadAsync(NpgsqlDataReader reader, int firstColumn, QuerySession session, CancellationToken token) =>
        new(Read(reader, firstColumn, session));
}

/// <summary>The documents of one type.</summary>
internal sealed class DocumentQuerySource(DocumentStorage storage, string tenantId, string alias = "d") : QuerySource
{
    public DocumentStorage Storage => storage;

    public override QueryScope Scope { get; } = new DocumentScope(storage.Mapping, alias);

    public override Type StorageType => storage.DocumentType;

    public override string From => $"{storage.Mapping.QualifiedTableName} as {alias}";

    public override string? DefaultFilter => storage.DefaultFilter is { } filter ? WithAlias(filter) : null;

    public override string SelectColumns { get; } = string.Join(", ", storage.SelectColumns.Split(", ").Select(c => alias + c[1..]));

    public override int ColumnCount { get; } = storage.SelectColumns.Count(c => c == ',') + 1;

    /// <summary>The tenant whose documents they are, where tenants share the table.</summary>
    public string TenantId => tenantId;

    /// <summary>The same documents under another alias.</summary>
    public DocumentQuerySource As(string other) => new(storage, tenantId, other);

    public override object Read(NpgsqlDataReader reader, int firstColumn, QuerySession session) => storage.ReadObject(reader, firstColumn, session);

    public override IEnumerable<string> Filters(SqlTranslator translator) => base.Filters(translator).Concat(OwnFilters(translator));

    /// <summary>The conditions that leave the rows of this type and, where tenants share the table, of the session's tenant.</summary>
    public IEnumerable<string> OwnFilters(SqlTranslator translator)
    {
        if (storage.Mapping.TypeFilter(alias) is { } type)
            yield return type;
        if (storage.Mapping.IsConjoined && !translator.NamesTenants)
            yield return $"{alias}.tenant_id = {translator.AddParameter(tenantId, s => s.TenantId, NpgsqlTypes.NpgsqlDbType.Varchar)}";
    }

    private string WithAlias(string filter) => alias + filter[1..];
}
