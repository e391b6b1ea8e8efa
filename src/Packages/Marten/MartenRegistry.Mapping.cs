using System.Linq.Expressions;
using System.Reflection;
using Marten.Schema;
using Marten.Schema.Identity;
using NpgsqlTypes;
using Weasel.Core;
using Weasel.Postgresql.Tables;

namespace Marten;

public partial class MartenRegistry
{
    public partial class DocumentMappingExpression<T>
    {
        /// <summary>Also keeps a member that only a derived type has in a column, which is null for the others.</summary>
        public DocumentMappingExpression<T> Duplicate<TSub>(Expression<Func<TSub, object?>> expression, string? pgType = null, NpgsqlDbType? dbType = null, Action<DocumentIndex>? configure = null, bool notNull = false) where TSub : T =>
            Alter(m => AddIndexed(m, AddDuplicate(m, PathOf(expression), pgType, dbType, notNull, typeof(TSub)), configure));

        /// <summary>Indexes the JSON of one member for containment: queries of its elements, for example.</summary>
        public DocumentMappingExpression<T> GinIndexJsonDataMember(Expression<Func<T, object>> memberExpression, Action<DocumentIndex>? configureIndex = null) =>
            AddIndex(m => new MemberGinIndex(m, PathOf(memberExpression)), configureIndex);

        /// <summary>Records when a document was first written, and indexes that.</summary>
        public DocumentMappingExpression<T> IndexCreatedAt(Action<DocumentIndex>? configure = null)
        {
            Alter(m => m.Metadata.CreatedAt.Enabled = true);
            return AddIndex(m => new DocumentIndex(m, m.Metadata.CreatedAt.Name), configure);
        }

        /// <summary>Makes the values of members, taken together, unique: within all documents, or within those of one tenant.</summary>
        public DocumentMappingExpression<T> UniqueIndex(UniqueIndexType indexType, string indexName, TenancyScope tenancyScope = TenancyScope.Global, params Expression<Func<T, object>>[] expressions) =>
            AddUnique(indexType, indexName, expressions, tenancyScope);

        /// <summary>Makes a member refer to a column of a table that is no document. The member becomes a column.</summary>
        /// <param name="expression">The member.</param>
        /// <param name="schemaName">The schema of the table.</param>
        /// <param name="tableName">The table, which must exist when that of the documents is created.</param>
        /// <param name="columnName">The column, which must be unique.</param>
        /// <param name="foreignKeyConfiguration">Changes the reference.</param>
        public DocumentMappingExpression<T> ForeignKey(Expression<Func<T, object>> expression, string schemaName, string tableName, string columnName, Action<ForeignKey>? foreignKeyConfiguration = null) =>
            Alter(m =>
            {
                var field = AddDuplicate(m, PathOf(expression), null, null, false);
                var key = new ForeignKey($"{m.TableName}_{field.ColumnName}_fkey") { ColumnNames = [field.ColumnName], LinkedTable = new DbObjectName(schemaName, tableName), LinkedNames = [columnName] };
                foreignKeyConfiguration?.Invoke(key);
                m.ExternalForeignKeys.Add(key);
            });

        /// <summary>Leaves an index of the table alone, whether the store declares it or not.</summary>
        public DocumentMappingExpression<T> IgnoreIndex(string indexName) => Alter(m => m.IgnoredIndexes.Add(indexName));

        /// <summary>How identities are made for documents that have none.</summary>
        /// <exception cref="ArgumentException">The strategy makes identities of another type.</exception>
        public DocumentMappingExpression<T> IdStrategy(IIdGeneration idStrategy) => Alter(m =>
        {
            if (!idStrategy.Makes(m.InnerIdType))
                throw new ArgumentException($"{idStrategy.GetType().Name} does not make identities of type {m.InnerIdType.Name}, which {m.DocumentType.Name} has.", nameof(idStrategy));
        });

        /// <summary>Gives documents without a text identity one made of the type's alias and a number, such as <c>order/1</c>.</summary>
        /// <exception cref="ArgumentException">The identity is no text.</exception>
        public DocumentMappingExpression<T> UseIdentityKey() => Alter(m =>
        {
            if (m.InnerIdType != typeof(string))
                throw new ArgumentException($"{m.DocumentType.Name} is not identified by a text.", nameof(T));
            m.UsesIdentityKey = true;
        });

        /// <summary>Puts the tenant first in all indexes of a type whose tenants share the table.</summary>
        public DocumentMappingExpression<T> StartIndexesByTenantId() => Alter(m => m.StartsIndexesByTenant = true);

        /// <summary>Lets PostgreSQL itself keep the rows of tenants apart, where they share the table.</summary>
        /// <param name="settingName">The setting that names the tenant; null for app.tenant_id.</param>
        /// <exception cref="ArgumentException">The name cannot be that of a setting.</exception>
        public DocumentMappingExpression<T> UseRowLevelSecurity(string? settingName = null) => Alter(m =>
        {
            m.OwnRowSecuritySetting = m.Options.RowSecurity.Use(settingName ?? "app.tenant_id");
            m.HasNoRowSecurity = false;
        });

        /// <summary>Leaves the table without row-level security, also where the store uses it.</summary>
        public DocumentMappingExpression<T> DisableRowLevelSecurity() => Alter(m => m.HasNoRowSecurity = true);

        private static void AddIndexed(DocumentMapping mapping, DuplicatedField field, Action<DocumentIndex>? configure)
        {
            if (configure is null)
                return;
            var index = new DocumentIndex(mapping, field.ColumnName);
            configure(index);
            mapping.Indexes.Add(index);
        }

        private static DuplicatedField AddDuplicate(DocumentMapping mapping, IReadOnlyList<MemberInfo> path, string? pgType, NpgsqlDbType? dbType, bool notNull, Type? owner = null)
        {
            owner ??= mapping.DocumentType;
            var known = mapping.DuplicatedFields.Find(f => f.Owner == owner && DocumentMapping.SamePath(f.Path, path));
            if (known is not null)
                return known;
            if (owner != mapping.DocumentType && notNull)
                throw new ArgumentException($"The column for {owner.Name}.{path[^1].Name} is null in rows of other types; it cannot refuse null.", nameof(notNull));
            var field = new DuplicatedField(mapping, path, pgType, dbType, notNull, owner);
            if (mapping.DuplicatedFields.Exists(f => f.ColumnName == field.ColumnName))
                throw new ArgumentException($"Two members of the hierarchy of {mapping.DocumentType.Name} would become the column {field.ColumnName}. Duplicate only one of them.", nameof(path));
            mapping.DuplicatedFields.Add(field);
            return field;
        }
    }
}
