using System.Text;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reading;

/// <summary>Reads what <see cref="FactsWriter"/> wrote. There is much of it each time, so it reads the bytes themselves, and makes nothing that it does not return.</summary>
internal sealed class FactsReader(byte[] bytes)
{
    private readonly List<string> _texts = [];
    private readonly List<TypeName> _types = [];
    private int _position;
    private SourceSpan? _span;

    public AssemblyFacts Assembly() => new(
        RequiredText(), List(static reader => reader.RequiredText()), List(static reader => reader.Attribute()), List(static reader => reader.Type()));

    public SourceFile Source() => new(
        RequiredText(), Number(), List(static reader => reader.RequiredText()),
        List(static reader => new Declaration(reader.RequiredText(), reader.Span()!)),
        List(static reader => new DottedName(reader.RequiredText(), reader.RequiredText(), reader.Flag(), reader.Number(), reader.Number()) { Qualifier = reader.RequiredText() }));

    public T[] List<T>(Func<FactsReader, T> read)
    {
        var count = Number();
        if (count == 0)
        {
            return [];
        }

        if (count < 0 || count > bytes.Length - _position)
        {
            throw new InvalidDataException("There are fewer entries than the number before them says.");
        }

        var items = new T[count];
        for (var i = 0; i < count; i++)
        {
            items[i] = read(this);
        }

        return items;
    }

    public bool Flag() => bytes[_position++] != 0;

    public string RequiredText() => Text() ?? throw new InvalidDataException("A text is missing.");

    private string? Text()
    {
        var known = Number();
        if (known > 1)
        {
            return _texts[known - 2];
        }

        if (known == 0)
        {
            return null;
        }

        var length = Number();
        var text = Encoding.UTF8.GetString(bytes, _position, length);
        _position += length;
        _texts.Add(text);
        return text;
    }

    // Seven bits a byte, the lowest first, as BinaryWriter writes them.
    private int Number()
    {
        var value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = bytes[_position++];
            value |= (next & 127) << shift;
            if (next < 128)
            {
                return value;
            }
        }

        throw new InvalidDataException("A number has no end.");
    }

    private TypeName? OptionalName()
    {
        var known = Number();
        if (known > 1)
        {
            return _types[known - 2];
        }

        if (known == 0)
        {
            return null;
        }

        var name = new TypeName(RequiredText(), RequiredText(), Names());
        _types.Add(name);
        return name;
    }

    private TypeName Name() => OptionalName() ?? throw new InvalidDataException("A type is missing.");

    private TypeName[] Names() => List(static reader => reader.Name());

    private AttributeFacts[] Attributes() => List(static reader => reader.Attribute());

    private SourceSpan? Span()
    {
        switch (Number())
        {
            case 0:
                return null;
            case 1:
                return _span;
            default:
                _span = new SourceSpan(RequiredText(), Number(), Number(), Number(), Number());
                return _span;
        }
    }

    private AttributeFacts Attribute() => new(
        Name(), List(static reader => reader.RequiredText()), List(static reader => new KeyValuePair<string, string>(reader.RequiredText(), reader.RequiredText())), Names());

    private TypeFacts Type() => new(
        Name(), (TypeKind)Number(), (Visibility)Number(), Flag(), Flag(), Flag(), OptionalName(), Names(), Attributes(), List(static reader => reader.Member()), Span())
    {
        Constraints = Names(),
    };

    private MemberFacts Member() => new(
        RequiredText(), (MemberKind)Number(), (Visibility)Number(), (MemberFlags)Number(), OptionalName(),
        List(static reader => new ParameterFacts(reader.RequiredText(), reader.Name(), reader.Attributes())), Attributes(), List(static reader => reader.Use()),
        List(static reader => new TextUse(reader.RequiredText(), reader.Span())), Span());

    private Use Use()
    {
        var kind = Number();
        return new Use((EdgeKind)(kind & 31), Name(), Text(), Names(), List(static reader => reader.Text()), Span())
        {
            Writes = (kind & 32) != 0,
            Creates = (kind & 64) != 0,
            IsAwait = (kind & 128) != 0,
            TakesTimeProvider = (kind & 256) != 0,
            ReachesHidden = (kind & 512) != 0,
            Polls = (kind & 1024) != 0,
            ParameterCount = Number() - 1,
        };
    }
}
