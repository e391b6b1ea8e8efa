using System.Reflection;
using Marten.Internal;
using Weasel.Postgresql.Tables;

namespace Marten.Schema;

/// <summary>An index over the JSON of one member, for containment.</summary>
internal sealed class MemberGinIndex : DocumentIndex
{
    public MemberGinIndex(DocumentMapping mapping, IReadOnlyList<MemberInfo> path)
        : base(mapping)
    {
        Path = path;
        Method = IndexMethod.gin;
        Mask = "jsonb_path_ops";
    }

    public IReadOnlyList<MemberInfo> Path { get; }

    internal override IReadOnlyList<string> Expressions => [$"({Mapping.Options.Locators.Locate("data", Path).JsonSql})"];

    internal override string NameSuffix => string.Join("_", Path.Select(m => Identifiers.SnakeCase(m.Name)));
}
