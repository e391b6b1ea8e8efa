using System.Buffers;
using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Architecture.Sql;

/// <summary>Who owns the schemas of the database, and the tables where their names tell.</summary>
internal sealed class SchemaOwners
{
    private readonly Dictionary<string, Module?> _schemas = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Module?> _tables = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, HashSet<string>> _own = new(StringComparer.Ordinal);
    private readonly SearchValues<string> _names;

    public SchemaOwners(RuleContext context)
    {
        foreach (var schema in context.Policy.Schemas)
        {
            _schemas[schema] = null;
        }

        foreach (var module in context.Graph.Modules)
        {
            // A module that is named like a schema of the platform does not own it.
            _schemas.TryAdd(module.Name, module);
            var tables = ModuleTables.Of(context.Graph, module);
            _own[module.Folder] = tables.Possible;
            foreach (var table in tables.Certain)
            {
                // A name that two modules use says nothing about either.
                _tables[table] = _tables.ContainsKey(table) ? null : module;
            }
        }

        _names = SearchValues.Create([.. _schemas.Keys, .. _tables.Keys, "U&"], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a text may name something that has an owner; most do not, and need not be read.</summary>
    public bool MayName(string text) => text.Length > 5 && text.AsSpan().ContainsAny(_names);

    /// <summary>Whether a name is the schema of another module or of the platform.</summary>
    public bool IsForeign(Module? module, string name) => _schemas.TryGetValue(name.Trim('"'), out var owner) && IsForeign(module, owner);

    // What no module owns belongs to the platform.
    private static bool IsForeign(Module? module, Module? owner) => owner?.Folder != module?.Folder;

    /// <summary>The table that a text names and that is all it says: one of a module's own, or one that every store of Marten has.</summary>
    public SqlReference? Table(string text)
    {
        var parts = text.Replace("\"", string.Empty, StringComparison.Ordinal).Split('.');
        return parts is [var schema, var table] && _schemas.TryGetValue(schema, out var owner) && owner is not null
            && (table.StartsWith("mt_", StringComparison.OrdinalIgnoreCase) || (_tables.TryGetValue(table, out var holder) && holder?.Folder == owner.Folder))
            ? new SqlReference(schema, table, SqlObject.Table, 0)
            : null;
    }

    /// <summary>The schema and the module (null for the platform) to which something belongs that is not the given module's, or not the platform's where none is given; null when it may be its own.</summary>
    public (string Schema, Module? Owner)? OwnerOf(Module? module, SqlReference reference)
    {
        var schema = reference.Kind == SqlObject.Schema ? reference.Name : reference.Schema;
        if (schema is not null && schema.Trim(TextUse.Hole).Length > 0)
        {
            return _schemas.TryGetValue(schema, out var owner) && IsForeign(module, owner) ? (schema.ToLowerInvariant(), owner) : null;
        }

        return module is not null && reference.Kind == SqlObject.Table && _tables.TryGetValue(reference.Name, out var holder) && holder is not null && holder.Folder != module.Folder
            && !_own[module.Folder].Contains(reference.Name)
            ? (holder.Name, holder)
            : null;
    }
}

/// <summary>The tables that a module has.</summary>
/// <param name="Certain">Those that its code or its SQL makes.</param>
/// <param name="Possible">Those too that it might have by the names of its types.</param>
internal sealed record ModuleTables(HashSet<string> Certain, HashSet<string> Possible)
{
    private const string Prefix = "mt_doc_";

    public static ModuleTables Of(CodeGraph graph, Module module)
    {
        var tables = new ModuleTables(new HashSet<string>(StringComparer.OrdinalIgnoreCase), new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        foreach (var type in module.Assemblies.SelectMany(static assembly => assembly.Types))
        {
            tables.Possible.Add(Prefix + Alias(type.Name));
            foreach (var member in type.Members)
            {
                foreach (var text in member.Texts)
                {
                    tables.Created(text.Text);
                }
            }
        }

        foreach (var (_, member) in module.Assemblies.SelectMany(assembly => graph.MembersUsing(assembly, static (_, called) => called is "DocumentAlias" or "For")))
        {
            tables.Documents(module, member);
        }

        foreach (var script in module.Projects.SelectMany(static project => project.Scripts))
        {
            tables.Created(script.Text);
        }

        tables.Possible.UnionWith(tables.Certain);
        return tables;
    }

    // Schema.For<StockItem>().DocumentAlias("stock_item") keeps documents in mt_doc_stock_item; without an alias in mt_doc_stockitem.
    private void Documents(Module module, MemberFacts member)
    {
        foreach (var use in member.Uses)
        {
            if (use.Member == "DocumentAlias" && use.Texts.Count > 0 && use.Texts[^1] is { } alias)
            {
                Certain.Add(Prefix + alias);
            }
            else if (use.Member == "For" && use.MemberArguments.Count == 1 && use.Target.FullName.StartsWith("Marten.", StringComparison.Ordinal)
                && module.Assemblies.Any(assembly => assembly.Name == use.MemberArguments[0].Assembly)
                && !member.Uses.Any(other => other.Member == "DocumentAlias" && other.Target.Arguments.Contains(use.MemberArguments[0])))
            {
                Certain.Add(Prefix + Alias(use.MemberArguments[0]));
            }
        }
    }

    private void Created(string text)
    {
        if (text.Contains("create", StringComparison.OrdinalIgnoreCase) && SqlText.IsSql(text))
        {
            foreach (var reference in SqlReader.Read(text))
            {
                if (reference is { Defines: true, Schema: null } && !reference.Name.Contains(TextUse.Hole, StringComparison.Ordinal))
                {
                    Certain.Add(reference.Name);
                }
            }
        }
    }

    private static string Alias(TypeName type) => string.Join('_', type.FullName[(type.Namespace.Length == 0 ? 0 : type.Namespace.Length + 1)..].Split('/')).ToLowerInvariant();
}
