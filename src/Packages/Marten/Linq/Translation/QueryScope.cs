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

/// <summary>A document of the table with the alias d.</summary>
internal sealed class DocumentScope(DocumentMapping mapping) : QueryScope
{
    public override Type Type => mapping.DocumentType;

    public override string JsonSql => "d.data";

    public override DocumentMapping Mapping => mapping;

    public override SqlMember Locate(IReadOnlyList<MemberInfo> path) =>
        path.Count == 0 ? mapping.Options.Locators.Locate("d.data", path, Type) : mapping.Locate(Concrete(path));
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

    /// <summary>The result of the current row.</summary>
    public abstract object Read(NpgsqlDataReader reader, int firstColumn, QuerySession session);

    /// <summary>The result of the current row, where making it may have to wait for something.</summary>
    public virtual ValueTask<object> ReadAsync(NpgsqlDataReader reader, int firstColumn, QuerySession session, CancellationToken token) =>
        new(Read(reader, firstColumn, session));
}

/// <summary>The documents of one type.</summary>
internal sealed class DocumentQuerySource(DocumentStorage storage) : QuerySource
{
    public override QueryScope Scope { get; } = new DocumentScope(storage.Mapping);

    public override Type StorageType => storage.DocumentType;

    public override string From => storage.From;

    public override string? DefaultFilter => storage.DefaultFilter;

    public override string SelectColumns => storage.SelectColumns;

    public override int ColumnCount { get; } = storage.SelectColumns.Count(c => c == ',') + 1;

    public override object Read(NpgsqlDataReader reader, int firstColumn, QuerySession session) => storage.ReadObject(reader, firstColumn, session);
}
