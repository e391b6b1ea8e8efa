using Marten.Storage;

namespace Marten.Projections;

/// <summary>A registration with tables of its own.</summary>
internal interface IProjectionTables
{
    string Name { get; }

    IReadOnlyList<SchemaObject> Tables { get; }
}

/// <summary>The tables of one projection as a part of the schema.</summary>
internal sealed class ProjectionTables(IProjectionTables owner) : ISchemaFeature
{
    public string Identifier => owner.Name;

    public IReadOnlyList<SchemaObject> Objects => owner.Tables;
}
