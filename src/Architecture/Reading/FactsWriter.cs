using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reading;

/// <summary>Writes facts in a compact form, each text and each type once.</summary>
internal sealed class FactsWriter(BinaryWriter output)
{
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<TypeName, int> _types = [];
    private SourceSpan? _span;

    public void Write(AssemblyFacts assembly)
    {
        Text(assembly.Name);
        List(assembly.References, Text);
        List(assembly.Attributes, Attribute);
        List(assembly.Types, Type);
    }

    public void Write(SourceFile file)
    {
        Text(file.Path);
        Number(file.Lines);
        List(file.Usings, Text);
        List(file.Declarations, declaration =>
        {
            Text(declaration.FullName);
            Span(declaration.Span);
        });
        List(file.Names, name =>
        {
            Text(name.Left);
            Text(name.Right);
            output.Write(name.IsNameOf);
            Number(name.Line);
            Number(name.Column);
            Text(name.Qualifier);
        });
    }

    public void List<T>(IReadOnlyList<T> items, Action<T> write)
    {
        Number(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            write(items[i]);
        }
    }

    public void Text(string? text)
    {
        if (text is null)
        {
            Number(0);
        }
        else if (_texts.TryGetValue(text, out var known))
        {
            Number(known + 2);
        }
        else
        {
            _texts[text] = _texts.Count;
            Number(1);
            output.Write(text);
        }
    }

    private void Number(int value) => output.Write7BitEncodedInt(value);

    private void Name(TypeName? name)
    {
        if (name is null)
        {
            Number(0);
        }
        else if (_types.TryGetValue(name, out var known))
        {
            Number(known + 2);
        }
        else
        {
            Number(1);
            Text(name.Assembly);
            Text(name.FullName);
            List(name.Arguments, Name);
            _types[name] = _types.Count;
        }
    }

    // Most uses stand in the same statement as the one before.
    private void Span(SourceSpan? span)
    {
        if (span is null || span == _span)
        {
            Number(span is null ? 0 : 1);
            return;
        }

        _span = span;
        Number(2);
        Text(span.File);
        Number(span.Line);
        Number(span.Column);
        Number(span.EndLine);
        Number(span.EndColumn);
    }

    private void Attribute(AttributeFacts attribute)
    {
        Name(attribute.Type);
        List(attribute.Arguments, Text);
        List(attribute.Named, pair =>
        {
            Text(pair.Key);
            Text(pair.Value);
        });
        List(attribute.Types, Name);
    }

    private void Type(TypeFacts type)
    {
        Name(type.Name);
        Number((int)type.Kind);
        Number((int)type.Visibility);
        output.Write(type.IsSealed);
        output.Write(type.IsAbstract);
        output.Write(type.IsRecord);
        Name(type.BaseType);
        List(type.Interfaces, Name);
        List(type.Attributes, Attribute);
        List(type.Members, Member);
        Span(type.Place);
        List(type.Constraints, Name);
    }

    private void Member(MemberFacts member)
    {
        Text(member.Name);
        Number((int)member.Kind);
        Number((int)member.Visibility);
        Number((int)member.Flags);
        Name(member.Type);
        List(member.Parameters, parameter =>
        {
            Text(parameter.Name);
            Name(parameter.Type);
            List(parameter.Attributes, Attribute);
        });
        List(member.Attributes, Attribute);
        List(member.Uses, Use);
        List(member.Texts, text =>
        {
            Text(text.Text);
            Span(text.Span);
        });
        Span(member.Place);
    }

    private void Use(Use use)
    {
        Number((int)use.Kind | (use.Writes ? 32 : 0) | (use.Creates ? 64 : 0) | (use.IsAwait ? 128 : 0) | (use.TakesTimeProvider ? 256 : 0) | (use.ReachesHidden ? 512 : 0) | (use.Polls ? 1024 : 0));
        Name(use.Target);
        Text(use.Member);
        List(use.MemberArguments, Name);
        List(use.Texts, Text);
        Span(use.Span);
        Number(use.ParameterCount + 1);
    }
}
