using System.Linq.Expressions;
using System.Reflection;
using JasperFx;
using JasperFx.MultiTenancy;
using Marten.Schema;
using Marten.Schema.Indexing.FullText;
using NpgsqlTypes;
using Weasel.Core.Sequences;
using Weasel.Postgresql.Tables;

namespace Marten;

/// <summary>Declares documents.</summary>
public partial class MartenRegistry
{
    private readonly List<Action<StoreOptions>> pending = [];
    private StoreOptions? options;

    /// <summary>Creates a registry to be included in the options of a store.</summary>
    public MartenRegistry()
    {
    }

    internal MartenRegistry(StoreOptions options) => this.options = options;

    /// <summary>Adds the declarations of another registry.</summary>
    public void Include<T>() where T : MartenRegistry, new() => Include(new T());

    /// <summary>Adds the declarations of another registry.</summary>
    public void Include(MartenRegistry registry) => Apply(registry.Bind);

    /// <summary>Declares a document type and changes how it is stored.</summary>
    public DocumentMappingExpression<T> For<T>()
    {
        Apply(o => o.MappingFor(typeof(T)));
        return new DocumentMappingExpression<T>(this);
    }

    private void Apply(Action<StoreOptions> change)
    {
        if (options is null)
            pending.Add(change);
        else
            change(options);
    }

    private void Bind(StoreOptions target)
    {
        options = target;
        foreach (var change in pending)
            change(target);
        pending.Clear();
    }

    /// <summary>Changes how the documents of one type are stored.</summary>
    /// <typeparam name="T">The document.</typeparam>
    public partial class DocumentMappingExpression<T>
    {
        private readonly MartenRegistry registry;

        internal DocumentMappingExpression(MartenRegistry registry) => this.registry = registry;

        /// <summary>The part of the table's name behind <c>mt_doc_</c>.</summary>
        public DocumentMappingExpression<T> DocumentAlias(string alias) => Alter(m => m.Alias = alias);

        /// <summary>The schema of the table.</summary>
        public DocumentMappingExpression<T> DatabaseSchemaName(string databaseSchemaName) => Alter(m => m.DatabaseSchemaName = databaseSchemaName);

        /// <summary>The member that identifies a document.</summary>
        public DocumentMappingExpression<T> Identity(Expression<Func<T, object>> member) => Alter(m => m.IdMember = PathOf(member)[^1]);

        /// <summary>Also keeps a member in a column, with an index when <paramref name="configure"/> is given.</summary>
        public DocumentMappingExpression<T> Duplicate(Expression<Func<T, object?>> expression, string? pgType = null, NpgsqlDbType? dbType = null, Action<DocumentIndex>? configure = null, bool notNull = false) =>
            Alter(m =>
            {
                AddIndexed(m, AddDuplicate(m, PathOf(expression), pgType, dbType, notNull), configure);
            });

        /// <summary>Indexes a member of the JSON.</summary>
        public DocumentMappingExpression<T> Index(Expression<Func<T, object?>> expression, Action<ComputedIndex>? configure = null) =>
            AddComputed(PathsOf(expression), false, null, configure);

        /// <summary>Indexes several members of the JSON together.</summary>
        public DocumentMappingExpression<T> Index(IReadOnlyCollection<Expression<Func<T, object>>> expressions, Action<ComputedIndex>? configure = null) =>
            AddComputed([.. expressions.SelectMany(PathsOf)], false, null, configure);

        /// <summary>Makes the values of members, taken together, unique.</summary>
        public DocumentMappingExpression<T> UniqueIndex(params Expression<Func<T, object>>[] expressions) =>
            UniqueIndex(UniqueIndexType.Computed, expressions);

        /// <summary>Makes the values of members, taken together, unique.</summary>
        public DocumentMappingExpression<T> UniqueIndex(string indexName, params Expression<Func<T, object>>[] expressions) =>
            UniqueIndex(UniqueIndexType.Computed, indexName, expressions);

        /// <summary>Makes the values of members, taken together, unique.</summary>
        public DocumentMappingExpression<T> UniqueIndex(UniqueIndexType indexType, params Expression<Func<T, object>>[] expressions) =>
            AddUnique(indexType, null, expressions);

        /// <summary>Makes the values of members, taken together, unique.</summary>
        public DocumentMappingExpression<T> UniqueIndex(UniqueIndexType indexType, string indexName, params Expression<Func<T, object>>[] expressions) =>
            AddUnique(indexType, indexName, expressions);

        /// <summary>Indexes the time of the last change.</summary>
        public DocumentMappingExpression<T> IndexLastModified(Action<DocumentIndex>? configure = null) => AddIndex(m => new DocumentIndex(m, "mt_last_modified"), configure);

        /// <summary>Indexes all words of the document for full-text search.</summary>
        public DocumentMappingExpression<T> FullTextIndex(string regConfig = "english", Action<FullTextIndexDefinition>? configure = null) =>
            AddIndex(m => new FullTextIndexDefinition(m, regConfig, []), configure);

        /// <summary>Indexes all words of the document for full-text search.</summary>
        public DocumentMappingExpression<T> FullTextIndex(Action<FullTextIndexDefinition> configure) =>
            AddIndex(m => new FullTextIndexDefinition(m, "english", []), configure);

        /// <summary>Indexes the words of some members for full-text search.</summary>
        public DocumentMappingExpression<T> FullTextIndex(params Expression<Func<T, object>>[] expressions) => FullTextIndex("english", expressions);

        /// <summary>Indexes the words of some members for full-text search.</summary>
        public DocumentMappingExpression<T> FullTextIndex(string regConfig, params Expression<Func<T, object>>[] expressions) =>
            AddIndex(m => new FullTextIndexDefinition(m, regConfig, [.. expressions.SelectMany(PathsOf)]), null);

        /// <summary>Indexes the words of some members for full-text search.</summary>
        public DocumentMappingExpression<T> FullTextIndex(Action<FullTextIndexDefinition> configure, params Expression<Func<T, object>>[] expressions) =>
            AddIndex(m => new FullTextIndexDefinition(m, "english", [.. expressions.SelectMany(PathsOf)]), configure);

        /// <summary>Indexes the parts of the words of a text, of one to three characters, for search by any part of a word.</summary>
        public DocumentMappingExpression<T> NgramIndex(Action<NgramIndex> configure) => AddIndex(m => new NgramIndex(m, null), configure);

        /// <inheritdoc cref="NgramIndex(Action{Marten.Schema.Indexing.FullText.NgramIndex})" />
        public DocumentMappingExpression<T> NgramIndex(Expression<Func<T, object>> expression) => AddIndex(m => new NgramIndex(m, PathOf(expression)), null);

        /// <inheritdoc cref="NgramIndex(Action{Marten.Schema.Indexing.FullText.NgramIndex})" />
        public DocumentMappingExpression<T> NgramIndex(Action<NgramIndex> configure, Expression<Func<T, object>> expression) => AddIndex(m => new NgramIndex(m, PathOf(expression)), configure);

        /// <summary>Indexes the whole JSON for containment.</summary>
        public DocumentMappingExpression<T> GinIndexJsonData(Action<DocumentIndex>? configureIndex = null) =>
            AddIndex(m => new DocumentIndex(m, "data") { Method = IndexMethod.gin, Mask = "jsonb_path_ops" }, configureIndex);

        /// <summary>Guards documents by a version identifier against lost updates.</summary>
        public DocumentMappingExpression<T> UseOptimisticConcurrency(bool enabled) => Alter(m => m.UseOptimisticConcurrency = enabled);

        /// <summary>Guards documents by a revision number against lost updates.</summary>
        public DocumentMappingExpression<T> UseNumericRevisions(bool enabled) => Alter(m => m.UseNumericRevisions = enabled);

        /// <summary>Keeps the documents of a derived type in the same table.</summary>
        /// <param name="subclassType">The derived type.</param>
        /// <param name="alias">Its name in the column mt_doc_type; default: the type's name in snake case.</param>
        public DocumentMappingExpression<T> AddSubClass(Type subclassType, string? alias = null) =>
            Alter(m => m.Options.MappingFor(subclassType).AttachTo(m, alias));

        /// <summary>Keeps the documents of a derived type in the same table.</summary>
        public DocumentMappingExpression<T> AddSubClass<TSubclass>(string? alias = null) where TSubclass : T => AddSubClass(typeof(TSubclass), alias);

        /// <summary>Keeps the documents of all derived types of the same assembly in the same table.</summary>
        public DocumentMappingExpression<T> AddSubClassHierarchy()
        {
            foreach (var type in typeof(T).Assembly.GetTypes().Where(t => t != typeof(T) && !t.IsInterface && !t.ContainsGenericParameters && typeof(T).IsAssignableFrom(t)))
                AddSubClass(type);
            return this;
        }

        /// <summary>Keeps the documents of some derived types in the same table.</summary>
        public DocumentMappingExpression<T> AddSubClassHierarchy(params MappedType[] allSubclassTypes)
        {
            foreach (var type in allSubclassTypes)
                AddSubClass(type.Type, type.Alias);
            return this;
        }

        /// <summary>Makes a member refer to the documents of another type of the store, which then cannot be removed while they are referred to. The member becomes an indexed column.</summary>
        public DocumentMappingExpression<T> ForeignKey<TReference>(Expression<Func<T, object>> expression, Action<DocumentForeignKey>? foreignKeyConfiguration = null, Action<DocumentIndex>? indexConfiguration = null) =>
            Alter(m =>
            {
                var field = AddDuplicate(m, PathOf(expression), null, null, false);
                var key = new DocumentForeignKey(m, field, typeof(TReference));
                foreignKeyConfiguration?.Invoke(key);
                m.ForeignKeys.Add(key);
                m.Options.MappingFor(typeof(TReference));
                var index = new DocumentIndex(m, field.ColumnName);
                indexConfiguration?.Invoke(index);
                m.Indexes.Add(index);
            });

        /// <summary>Gives each tenant rows of its own in the table.</summary>
        public DocumentMappingExpression<T> MultiTenanted() => Alter(m => m.TenancyStyle = TenancyStyle.Conjoined);

        /// <summary>Keeps no tenants apart.</summary>
        public DocumentMappingExpression<T> SingleTenanted() => Alter(m => m.TenancyStyle = TenancyStyle.Single);

        /// <summary>Indexes the tenant.</summary>
        public DocumentMappingExpression<T> IndexTenantId(Action<DocumentIndex>? configure = null) => AddIndex(m => new DocumentIndex(m, "tenant_id"), configure);

        /// <summary>Marks documents as deleted instead of removing them.</summary>
        public DocumentMappingExpression<T> SoftDeleted() => Alter(m => m.DeleteStyle = DeleteStyle.SoftDelete);

        /// <summary>Marks documents as deleted instead of removing them, and indexes the mark.</summary>
        public DocumentMappingExpression<T> SoftDeletedWithIndex(Action<DocumentIndex>? configure = null)
        {
            SoftDeleted();
            return AddIndex(m => new DocumentIndex(m, "mt_deleted") { Predicate = "mt_deleted" }, configure);
        }

        /// <summary>How integer identities are handed out.</summary>
        public DocumentMappingExpression<T> HiloSettings(HiloSettings settings) => Alter(m => m.HiloSettings = settings);

        private static IReadOnlyList<MemberInfo> PathOf(LambdaExpression expression) => PathsOf(expression) is [var only]
            ? only
            : throw new ArgumentException($"'{expression}' names more than one member.", nameof(expression));

        private static IReadOnlyList<IReadOnlyList<MemberInfo>> PathsOf(LambdaExpression expression) => MemberPath.Of(expression);

        private DocumentMappingExpression<T> AddComputed(IReadOnlyList<IReadOnlyList<MemberInfo>> paths, bool unique, string? name, Action<ComputedIndex>? configure, TenancyScope scope = TenancyScope.Global) =>
            Alter(m =>
            {
                var index = new ComputedIndex(m, paths) { IsUnique = unique, TenancyScope = scope };
                if (name is not null)
                    index.Name = name;
                configure?.Invoke(index);
                m.Indexes.Add(index);
            });

        private DocumentMappingExpression<T> AddUnique(UniqueIndexType type, string? name, Expression<Func<T, object>>[] expressions, TenancyScope scope = TenancyScope.Global)
        {
            var paths = expressions.SelectMany(PathsOf).ToList();
            if (type == UniqueIndexType.Computed)
                return AddComputed(paths, true, name, null, scope);
            return Alter(m =>
            {
                var columns = paths.Select(p => AddDuplicate(m, p, null, null, false).ColumnName).ToArray();
                var index = new DocumentIndex(m, columns) { IsUnique = true, Scope = scope };
                if (name is not null)
                    index.Name = name;
                m.Indexes.Add(index);
            });
        }

        private DocumentMappingExpression<T> AddIndex<TIndex>(Func<DocumentMapping, TIndex> create, Action<TIndex>? configure) where TIndex : DocumentIndex =>
            Alter(m =>
            {
                var index = create(m);
                configure?.Invoke(index);
                m.Indexes.Add(index);
            });

        private DocumentMappingExpression<T> Alter(Action<DocumentMapping> change)
        {
            registry.Apply(o => change(o.MappingFor(typeof(T))));
            return this;
        }
    }
}
