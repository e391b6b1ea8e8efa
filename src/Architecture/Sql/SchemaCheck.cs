using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Architecture.Sql;

/// <summary>Looks for objects of other schemas in the texts, the settings and the files of SQL of modules.</summary>
internal sealed class SchemaCheck
{
    private readonly RuleContext _context;
    private readonly SchemaOwners _owners;
    private readonly List<Finding> _findings = [];
    private int _examined;

    public SchemaCheck(RuleContext context)
    {
        _context = context;
        _owners = new SchemaOwners(context);
    }

    public Outcome Check()
    {
        foreach (var module in _context.Graph.Modules)
        {
            var constants = Constants(module);
            foreach (var assembly in module.Assemblies)
            {
                Code(module, assembly, constants);
            }

            foreach (var script in module.Projects.SelectMany(static project => project.Scripts))
            {
                Script(module, script);
            }
        }

        foreach (var (_, assembly) in _context.Graph.Sources())
        {
            Code(null, assembly, []);
        }

        return new Outcome(_examined, _findings);
    }

    // Fields that hold whole statements: what uses them would only repeat the finding.
    private List<string> Constants(Module module) =>
        [.. from assembly in module.Assemblies
            from type in assembly.Types
            from member in type.Members
            where member.Kind is MemberKind.Field or MemberKind.StaticConstructor
            from text in member.Texts
            where _owners.MayName(text.Text) && SqlText.IsSql(text.Text) && Foreign(module, text.Text).Any()
            select text.Text];

    private void Code(Module? module, AssemblyFacts assembly, List<string> constants)
    {
        var withTexts = _context.Graph.UsesOf(assembly).WithTexts.ToHashSet(ReferenceEqualityComparer.Instance as IEqualityComparer<MemberFacts>);
        foreach (var type in assembly.Types)
        {
            foreach (var member in type.Members)
            {
                if (member.Texts.Count + member.Attributes.Count > 0 || withTexts.Contains(member))
                {
                    Code(module, type, member, constants);
                }
            }

            if (module is not null)
            {
                Attributes(module, type, null, type.Place, type.Attributes);
            }
        }
    }

    private void Code(Module? module, TypeFacts type, MemberFacts member, List<string> constants)
    {
        var from = Describe.Member(type, member);
        var isField = member.Kind is MemberKind.Field or MemberKind.StaticConstructor;
        foreach (var text in member.Texts)
        {
            _examined++;
            if (!_owners.MayName(text.Text) || (!isField && constants.Exists(constant => text.Text.Contains(constant, StringComparison.Ordinal))))
            {
                continue;
            }

            if (IsSql(member, text.Text))
            {
                Report(module, from, type, Statement(type, member, text), Foreign(module, text.Text), "in SQL");
            }
            else if (_owners.Table(text.Text) is { } table && _owners.OwnerOf(module, table) is not null)
            {
                Report(module, from, type, Statement(type, member, text), [table], "in a text");
            }
        }

        foreach (var use in member.Uses)
        {
            if (use.Texts.Count > 0)
            {
                Report(module, from, type, use.Span ?? member.Place, Settings(module, use), "as the schema to work in");
            }
        }

        Attributes(module, type, member, member.Place, member.Attributes);
    }

    // A constant has no code, and no place but its type's.
    private SourceSpan? Statement(TypeFacts type, MemberFacts member, TextUse text) => member.Kind == MemberKind.Field
        ? SourceLines.Find(_context.Graph, type.Place, "const", member.Name) ?? text.Span ?? member.Place
        : text.Span ?? member.Place;

    private static bool IsSql(MemberFacts member, string text)
    {
        var isSentence = false;
        foreach (var use in member.Uses)
        {
            if (use.Texts.Count > 0 && use.Member is not null && use.Texts.Contains(text))
            {
                if (SqlSinks.IsDatabase(use.Target.FullName, use.Member))
                {
                    return true;
                }

                isSentence |= SqlSinks.IsSentence(use.Target.FullName, use.Member);
            }
        }

        return !isSentence && SqlText.IsSql(text);
    }

    private IEnumerable<SqlReference> Foreign(Module? module, string sql) => SqlReader.Read(sql).Where(reference => _owners.OwnerOf(module, reference) is not null);

    // Schemas that are set in code: stores, connection strings, mappings.
    private IEnumerable<SqlReference> Settings(Module? module, Use use)
    {
        if (use.Member is { } member && SqlSinks.SetsSchema(use.Target.FullName, member, use.Texts))
        {
            foreach (var text in use.Texts)
            {
                foreach (var name in text?.Split(',', StringSplitOptions.TrimEntries) ?? [])
                {
                    if (_owners.IsForeign(module, name))
                    {
                        yield return new SqlReference(null, name, SqlObject.Schema, 0);
                    }
                }
            }
        }

        foreach (var name in use.Texts.SelectMany(static text => SqlSinks.SearchPaths(text)))
        {
            if (_owners.IsForeign(module, name))
            {
                yield return new SqlReference(null, name, SqlObject.Schema, 0);
            }
        }
    }

    private void Attributes(Module? module, TypeFacts type, MemberFacts? member, SourceSpan? span, IReadOnlyList<AttributeFacts> attributes)
    {
        foreach (var attribute in attributes)
        {
            if (attribute.Arguments.Count + attribute.Named.Count == 0 || attribute.Type.FullName.StartsWith("System.", StringComparison.Ordinal) || attribute.Type.FullName.StartsWith("Microsoft.", StringComparison.Ordinal))
            {
                if (attribute.Type.Name != "TableAttribute")
                {
                    continue;
                }
            }

            var from = Describe.Member(type, member);
            var schemas = attribute.Named.Where(pair => pair.Key.Contains("Schema", StringComparison.Ordinal) && _owners.IsForeign(module, pair.Value)).Select(static pair => pair.Value)
                .Concat(attribute.Type.Name.Contains("Schema", StringComparison.Ordinal) ? attribute.Arguments.Where(argument => _owners.IsForeign(module, argument)) : []);
            Report(module, from, type, span, schemas.Select(static name => new SqlReference(null, name, SqlObject.Schema, 0)), "as the schema to work in");
            foreach (var text in attribute.Arguments.Concat(attribute.Named.Select(static pair => pair.Value)))
            {
                if (_owners.MayName(text) && SqlText.IsSql(text))
                {
                    Report(module, from, type, span, Foreign(module, text), "in SQL");
                }
            }
        }
    }

    private void Script(Module module, ScriptFile script)
    {
        _examined++;
        foreach (var reference in Foreign(module, script.Text).DistinctBy(static reference => (reference.ToString(), reference.Position)))
        {
            var line = script.Text.AsSpan(0, reference.Position).Count('\n') + 1;
            var column = reference.Position - (reference.Position == 0 ? -1 : script.Text.LastIndexOf('\n', reference.Position - 1));
            Report(module, script.Path, null, new SourceSpan(script.Path, line, column, line, column + reference.ToString().Length), [reference], "in SQL");
        }
    }

    private void Report(Module? module, string from, TypeFacts? type, SourceSpan? span, IEnumerable<SqlReference> references, string how)
    {
        foreach (var reference in references.DistinctBy(static reference => reference.ToString()))
        {
            var (schema, owner) = _owners.OwnerOf(module, reference) ?? (reference.Name, null);
            var name = reference.Schema is null && reference.Kind != SqlObject.Schema ? $"{schema}.{reference.Name}" : Known(reference, schema);
            var kind = reference.Kind switch
            {
                SqlObject.Schema => "schema",
                SqlObject.Function => "function",
                SqlObject.Type => "type",
                _ => "table",
            };
            var place = type is null ? span : SourceLines.Find(_context.Graph, span, type.Place, Written(reference, name)) ?? span;
            _findings.Add(new Finding(from, $"names the {kind} {name} {how}")
            {
                Module = module?.Folder,
                To = name,
                Kind = EdgeKind.Table,
                Span = place,
                Suggestion = owner is null ? null : Suggestion(owner),
            });
        }
    }

    // As it most likely stands in the source: whole, quoted, or at least the object and the schema.
    private static string[] Written(SqlReference reference, string name) => reference.Kind == SqlObject.Schema
        ? [reference.Name]
        : [name.TrimEnd('…'), $"\"{reference.Schema}\".\"{reference.Name}\"", reference.Name.Trim(TextUse.Hole), reference.Schema ?? reference.Name];

    // A part of the name that only the running program knows is shown as an ellipsis.
    private static string Known(SqlReference reference, string schema) =>
        (reference.Kind == SqlObject.Schema ? schema : $"{schema}.{Cut(reference.Name)}").Replace(TextUse.Hole, '…');

    // What follows without a space is most likely the rest of the statement, unless the name is not finished.
    private static string Cut(string name) => name.TrimEnd(TextUse.Hole) is { Length: > 0 } known && !known.EndsWith('_') ? known : name;

    private string? Suggestion(Module owner)
    {
        var requests = owner.Contracts?.Types.Where(type => _context.Graph.Is(type, WellKnown.Request)).Select(static type => type.Name.Name).Order(StringComparer.Ordinal).ToList() ?? [];
        return requests.Count == 0 ? null : $"{owner.Folder} answers {string.Join(", ", requests.Take(4))}{(requests.Count > 4 ? " and others" : string.Empty)}.";
    }
}
