using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reading;

/// <summary>Reads what <see cref="FactsWriter"/> wrote.</summary>
internal sealed class FactsReader(BinaryReader input)
{
    private readonly List<string> _texts = [];
    private readonly List<TypeName> _types = [];

    public AssemblyFacts Assembly() => new(Text()!, List(RequiredText), List(Attribute), List(Type));

    public SourceFile Source() => new(
        RequiredText(), Number(), List(RequiredText),
        List(() => new Declaration(RequiredText(), Span()!)),
        List(() => new DottedName(RequiredText(), RequiredText(), input.ReadBoolean(), Number(), Number()) { Qualifier = RequiredText() }));

    public T[] List<T>(Func<T> read)
    {
        var count = Number();
        if (count == 0)
        {
            return [];
        }

        var items = new T[count];
        for (var i = 0; i < count; i++)
        {
            items[i] = read();
        }

        return items;
    }

    public string RequiredText() => Text() ?? throw new InvalidDataException("A text is missing.");

    private string? Text()
    {
        switch (Number())
        {
            case 0:
                return null;
            case 1:
                var text = input.ReadString();
                _texts.Add(text);
                return text;
            case var known:
                return _texts[known - 2];
        }
    }

    private int Number() => input.Read7BitEncodedInt();

    private TypeName? OptionalName()
    {
        switch (Number())
        {
            case 0:
                return null;
            case 1:
                var name = new TypeName(RequiredText(), RequiredText(), List(Name));
                _types.Add(name);
                return name;
            case var known:
                return _types[known - 2];
        }
    }

    private TypeName Name() => OptionalName() ?? throw new InvalidDataException("A type is missing.");

    private SourceSpan? Span() => Text() is { } file ? new SourceSpan(file, Number(), Number(), Number(), Number()) : null;

    private AttributeFacts Attribute() => new(Name(), List(RequiredText), List(() => new KeyValuePair<string, string>(RequiredText(), RequiredText())), List(Name));

    private TypeFacts Type() => new(
        Name(), (TypeKind)Number(), (Visibility)Number(), input.ReadBoolean(), input.ReadBoolean(), input.ReadBoolean(), OptionalName(), List(Name), List(Attribute), List(Member), Span())
    {
        Constraints = List(Name),
    };

    private MemberFacts Member() => new(
        RequiredText(), (MemberKind)Number(), (Visibility)Number(), (MemberFlags)Number(), OptionalName(),
        List(() => new ParameterFacts(RequiredText(), Name(), List(Attribute))), List(Attribute), List(Use), List(() => new TextUse(RequiredText(), Span())), Span());

    private Use Use()
    {
        var kind = Number();
        return new Use((EdgeKind)(kind & 31), Name(), Text(), List(Name), List(Text), Span())
        {
            Writes = (kind & 32) != 0,
            Creates = (kind & 64) != 0,
            IsAwait = (kind & 128) != 0,
            TakesTimeProvider = (kind & 256) != 0,
            ReachesHidden = (kind & 512) != 0,
            ParameterCount = Number() - 1,
        };
    }
}
