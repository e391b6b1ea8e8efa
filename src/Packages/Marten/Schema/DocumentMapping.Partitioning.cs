using JasperFx;
using JasperFx.MultiTenancy;
using Weasel.Postgresql.Tables.Partitioning;

namespace Marten.Schema;

public partial class DocumentMapping
{
    /// <summary>How the table is divided; null when it is not.</summary>
    internal Partitioning? Partitioning
    {
        get => Root.IsNeverPartitioned ? null : Root.DeclaredPartitioning ?? options.PartitioningByPolicy(Root);
        set => DeclaredPartitioning = value;
    }

    internal Partitioning? DeclaredPartitioning { get; private set; }

    internal bool IsNeverPartitioned { get; set; }

    /// <summary>
    /// The column by which a document may move from one partition to another; null when its identity decides for good. It is
    /// part of the primary key, so the key alone does not keep identities unique.
    /// </summary>
    internal string? MovingColumn => Partitioning is { Column: not ("id" or "tenant_id") and var column } ? column : null;

    /// <summary>Whether what moves a document is its deletion.</summary>
    internal bool MovesByDeletion => MovingColumn == "mt_deleted";

    internal void PartitionByTenant(Action<PartitioningExpression> configure)
    {
        TenancyStyle = TenancyStyle.Conjoined;
        configure(new PartitioningExpression(this, "tenant_id", v => v));
    }

    internal void PartitionBySoftDeletion()
    {
        DeleteStyle = DeleteStyle.SoftDelete;
        new PartitioningExpression(this, "mt_deleted", v => v).ByList().AddPartition("deleted", true);
    }
}
