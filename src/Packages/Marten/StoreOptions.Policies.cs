using JasperFx;
using Marten.Schema;

namespace Marten;

public partial class StoreOptions
{
    /// <summary>Settings for many document types at once.</summary>
    public partial class PoliciesExpression
    {
        private readonly StoreOptions parent;

        internal PoliciesExpression(StoreOptions parent) => this.parent = parent;

        /// <summary>Changes every document type, declared before or after.</summary>
        public PoliciesExpression ForAllDocuments(Action<DocumentMapping> configure)
        {
            parent.AddPolicy(configure);
            return this;
        }

        /// <summary>Applies a policy of the caller to every document type.</summary>
        public PoliciesExpression OnDocuments<T>() where T : IDocumentPolicy, new() => OnDocuments(new T());

        /// <summary>Applies a policy of the caller to every document type.</summary>
        public PoliciesExpression OnDocuments(IDocumentPolicy policy) => ForAllDocuments(policy.Apply);

        /// <summary>Marks documents of all types as deleted instead of removing them.</summary>
        public PoliciesExpression AllDocumentsSoftDeleted() => ForAllDocuments(m => m.DeleteStyle = DeleteStyle.SoftDelete);

        /// <summary>Gives each tenant documents of its own, whatever the type.</summary>
        public PoliciesExpression AllDocumentsAreMultiTenanted() => ForAllDocuments(m => m.TenancyStyle = JasperFx.MultiTenancy.TenancyStyle.Conjoined);

        /// <summary>Leaves out, for all types, the columns that only inform: the time of the last write, the CLR type, and the version where nothing is guarded by it.</summary>
        public PoliciesExpression DisableInformationalFields() => ForAllDocuments(m => m.Metadata.DisableInformationalFields());

        /// <summary>Guards documents of all types by a version identifier.</summary>
        public PoliciesExpression AllDocumentsEnforceOptimisticConcurrency() => ForAllDocuments(m => m.UseOptimisticConcurrency = true);
    }
}
