using System.Linq.Expressions;
using Marten.Schema;
using Weasel.Postgresql.Tables.Partitioning;

namespace Marten;

public partial class MartenRegistry
{
    public partial class DocumentMappingExpression<T>
    {
        /// <summary>Divides the table by a member, which becomes a column that is never null.</summary>
        public DocumentMappingExpression<T> PartitionOn(Expression<Func<T, object>> memberExpression, Action<PartitioningExpression> partitioning) => Alter(m =>
        {
            var path = PathOf(memberExpression);
            if (path.Count == 1 && path[0].Name == m.RequiredIdMember.Name)
            {
                partitioning(new PartitioningExpression(m, "id", v => m.Locate(path).ToParameterValue(v)));
                return;
            }

            var field = AddDuplicate(m, path, null, null, true);
            partitioning(new PartitioningExpression(m, field.ColumnName, v => field.Locate("").ToParameterValue(v)));
        });

        /// <summary>Gives each tenant rows of its own, and divides the table by the tenant.</summary>
        public DocumentMappingExpression<T> MultiTenantedWithPartitioning(Action<PartitioningExpression> configure) => Alter(m => m.PartitionByTenant(configure));

        /// <summary>Marks documents as deleted instead of removing them, and keeps the deleted ones in a partition of their own.</summary>
        public DocumentMappingExpression<T> SoftDeletedWithPartitioning() => Alter(m => m.PartitionBySoftDeletion());

        /// <summary>As <see cref="SoftDeletedWithPartitioning"/>, with an index of the mark.</summary>
        public DocumentMappingExpression<T> SoftDeletedWithPartitioningAndIndex(Action<DocumentIndex>? configure = null)
        {
            SoftDeletedWithPartitioning();
            return AddIndex(m => new DocumentIndex(m, "mt_deleted") { Predicate = "mt_deleted" }, configure);
        }

        /// <summary>Leaves the table undivided, whatever policies say.</summary>
        public DocumentMappingExpression<T> DoNotPartition() => Alter(m => m.IsNeverPartitioned = true);
    }
}

public partial class StoreOptions
{
    public partial class PoliciesExpression
    {
        /// <summary>Gives each tenant documents of its own, whatever the type, and divides the tables by the tenant.</summary>
        public PoliciesExpression AllDocumentsAreMultiTenantedWithPartitioning(Action<PartitioningExpression> configure) => ForAllDocuments(m => m.PartitionByTenant(configure));

        /// <summary>Divides the tables of those types by the tenant whose tenants share them.</summary>
        public PoliciesExpression PartitionMultiTenantedDocuments(Action<PartitioningExpression> configure)
        {
            parent.tenantPartitioning = configure;
            return this;
        }

        /// <summary>Marks documents of all types as deleted instead of removing them, and keeps the deleted ones in partitions of their own.</summary>
        public PoliciesExpression AllDocumentsSoftDeletedWithPartitioning() => ForAllDocuments(m => m.PartitionBySoftDeletion());
    }

    private Action<PartitioningExpression>? tenantPartitioning;

    /// <summary>The division of a table by the policy for those that tenants share. Whether they do is known when the table is first needed.</summary>
    internal Partitioning? PartitioningByPolicy(DocumentMapping mapping)
    {
        if (tenantPartitioning is null || !mapping.IsConjoined)
            return null;
        mapping.PartitionByTenant(tenantPartitioning);
        return mapping.DeclaredPartitioning;
    }
}
