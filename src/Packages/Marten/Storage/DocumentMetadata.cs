using JasperFx;
using Marten.Schema;
using Marten.Storage.Metadata;
using Npgsql;

namespace Marten.Storage.Metadata
{
    /// <summary>What the database knows about a document besides its content.</summary>
    public class DocumentMetadata
    {
        /// <summary>Creates the metadata of a document.</summary>
        public DocumentMetadata(object id) => Id = id;

        /// <summary>The identity.</summary>
        public object Id { get; }

        /// <summary>When the document was first written, where the table records it.</summary>
        public DateTimeOffset CreatedAt { get; internal set; }

        /// <summary>The version identifier, where the type has one.</summary>
        public Guid CurrentVersion { get; internal set; }

        /// <summary>The revision, where the type has one.</summary>
        public long CurrentRevision { get; internal set; }

        /// <summary>When the document was last written.</summary>
        public DateTimeOffset LastModified { get; internal set; }

        /// <summary>The CLR type that wrote the document.</summary>
        public string DotNetType { get; internal set; } = string.Empty;

        /// <summary>The name of the type within its hierarchy; BASE at its top.</summary>
        public string DocumentType { get; internal set; } = "BASE";

        /// <summary>The revision as a 32-bit number.</summary>
        public int CurrentRevisionInt32 => checked((int)CurrentRevision);

        /// <summary>Whether the document is marked as deleted.</summary>
        public bool Deleted { get; internal set; }

        /// <summary>When the document was marked as deleted.</summary>
        public DateTimeOffset? DeletedAt { get; internal set; }

        /// <summary>The tenant; the default tenant in a store without tenants.</summary>
        public string TenantId { get; internal set; } = "*DEFAULT*";

        /// <summary>The causation id of the session that wrote the document, where the table records it.</summary>
        public string? CausationId { get; set; }

        /// <summary>The correlation id of the session that wrote the document, where the table records it.</summary>
        public string? CorrelationId { get; set; }

        /// <summary>The user on whose behalf the document was written, where the table records it.</summary>
        public string? LastModifiedBy { get; set; }

        /// <summary>The headers of the session that wrote the document, where the table records them.</summary>
        public Dictionary<string, object>? Headers { get; set; }
    }
}

namespace Marten.Internal.Storage
{
    /// <summary>Reads the metadata columns.</summary>
    internal static class MetadataSql
    {
        public static string Select(DocumentMapping mapping)
        {
            var metadata = mapping.Metadata;
            string Optional(MetadataColumn column) => column.Enabled ? "d." + column.Name : $"null::{column.Type}";
            var deleted = mapping.DeleteStyle == DeleteStyle.SoftDelete ? "d.mt_deleted, d.mt_deleted_at" : "false, null::timestamptz";
            return $"select {(mapping.HasVersionColumn ? "d.mt_version" : "null::uuid")}, {Optional(metadata.LastModified)}, {Optional(metadata.DotNetType)}, {deleted}, {Optional(metadata.CreatedAt)}, {Optional(metadata.CorrelationId)}, "
                + $"{Optional(metadata.CausationId)}, {Optional(metadata.LastModifiedBy)}, {Optional(metadata.Headers)}, {(mapping.IsHierarchy ? "d.mt_doc_type" : "'BASE'")}, {(mapping.IsConjoined ? "d.tenant_id" : $"'{Marten.Storage.TenantIds.Default}'")} from {mapping.QualifiedTableName} as d where d.id = $1{(mapping.IsConjoined ? " and d.tenant_id = $2" : "")}";
        }

        public static DocumentMetadata Read(NpgsqlDataReader reader, DocumentMapping mapping, object id, ISerializer serializer)
        {
            var metadata = new DocumentMetadata(id)
            {
                LastModified = reader.IsDBNull(1) ? default : reader.GetFieldValue<DateTimeOffset>(1),
                DotNetType = reader.IsDBNull(2) ? string.Empty : reader.GetString(2),
                Deleted = reader.GetBoolean(3),
                DeletedAt = reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4),
                CreatedAt = reader.IsDBNull(5) ? default : reader.GetFieldValue<DateTimeOffset>(5),
                CorrelationId = reader.IsDBNull(6) ? null : reader.GetString(6),
                CausationId = reader.IsDBNull(7) ? null : reader.GetString(7),
                LastModifiedBy = reader.IsDBNull(8) ? null : reader.GetString(8),
                DocumentType = reader.IsDBNull(10) ? "BASE" : reader.GetString(10),
                TenantId = reader.GetString(11),
                Headers = reader.IsDBNull(9) ? null : serializer.FromJson<Dictionary<string, object>>(reader, 9),
            };
            if (mapping.HasRevisionColumn)
                metadata.CurrentRevision = reader.GetInt64(0);
            else if (!reader.IsDBNull(0))
                metadata.CurrentVersion = reader.GetGuid(0);
            return metadata;
        }
    }
}
