using System.Linq.Expressions;
using Marten.Schema;

namespace Marten;

public partial class MartenRegistry
{
    public partial class DocumentMappingExpression<T>
    {
        /// <summary>Which metadata columns the table has, and which members show them.</summary>
        public DocumentMappingExpression<T> Metadata(Action<MetadataConfig> configure) => Alter(m => configure(new MetadataConfig(m)));

        /// <summary>The metadata columns of a document type.</summary>
        public class MetadataConfig
        {
            private readonly DocumentMapping mapping;

            internal MetadataConfig(DocumentMapping mapping) => this.mapping = mapping;

            /// <summary>The version identifier, which each write changes.</summary>
            public Column<Guid> Version => new(mapping, mapping.Metadata.Version);

            /// <summary>The revision number. Showing it also guards documents by it.</summary>
            public Column<long> Revision => new(mapping, mapping.Metadata.Revision);

            /// <summary>When the document was last written.</summary>
            public Column<DateTimeOffset> LastModified => new(mapping, mapping.Metadata.LastModified);

            /// <summary>When the document was first written.</summary>
            public Column<DateTimeOffset> CreatedAt => new(mapping, mapping.Metadata.CreatedAt);

            /// <summary>The tenant, where tenants share the table.</summary>
            public Column<string> TenantId => new(mapping, mapping.Metadata.TenantId);

            /// <summary>Whether the document is marked as deleted, where deletion only marks.</summary>
            public Column<bool> IsSoftDeleted => new(mapping, mapping.Metadata.IsSoftDeleted);

            /// <summary>When the document was marked as deleted, where deletion only marks.</summary>
            public Column<DateTimeOffset?> SoftDeletedAt => new(mapping, mapping.Metadata.SoftDeletedAt);

            /// <summary>The name of the type within its hierarchy.</summary>
            public Column<string> DocumentType => new(mapping, mapping.Metadata.DocumentType);

            /// <summary>The CLR type that wrote the document.</summary>
            public Column<string> DotNetType => new(mapping, mapping.Metadata.DotNetType);

            /// <summary>The causation id of the session that wrote the document last.</summary>
            public Column<string?> CausationId => new(mapping, mapping.Metadata.CausationId);

            /// <summary>The correlation id of the session that wrote the document last.</summary>
            public Column<string?> CorrelationId => new(mapping, mapping.Metadata.CorrelationId);

            /// <summary>The user on whose behalf the document was written last.</summary>
            public Column<string?> LastModifiedBy => new(mapping, mapping.Metadata.LastModifiedBy);

            /// <summary>The headers of the session that wrote the document last.</summary>
            public Column<Dictionary<string, object>?> Headers => new(mapping, mapping.Metadata.Headers);

            /// <summary>Leaves out the columns that only inform: the time of the last write, the CLR type, and the version where nothing is guarded by it.</summary>
            public void DisableInformationalFields() => mapping.Metadata.DisableInformationalFields();
        }

        /// <summary>One metadata column.</summary>
        /// <typeparam name="TProperty">The type of its values.</typeparam>
        public class Column<TProperty>
        {
            private readonly DocumentMapping mapping;
            private readonly MetadataColumn column;

            internal Column(DocumentMapping mapping, MetadataColumn column)
            {
                this.mapping = mapping;
                this.column = column;
            }

            /// <summary>Whether the table has the column.</summary>
            public bool Enabled
            {
                get => column.Enabled;
                set => column.Enabled = value;
            }

            /// <summary>Lets a member of loaded documents show the column. Queries that name the member read the column.</summary>
            public void MapTo(Expression<Func<T, TProperty>> memberExpression)
            {
                var path = PathOf(memberExpression);
                if (path.Count != 1)
                    throw new ArgumentException($"'{memberExpression}' must name a member of the document itself.", nameof(memberExpression));
                column.Enabled = true;
                if (column != mapping.Metadata.Version && column != mapping.Metadata.Revision)
                {
                    column.Show(path[0]);
                    return;
                }

                mapping.VersionMember = path[0];
                if (column == mapping.Metadata.Revision)
                    mapping.UseNumericRevisions = true;
            }
        }
    }
}
