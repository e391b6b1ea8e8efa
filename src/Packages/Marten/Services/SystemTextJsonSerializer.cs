using System.Buffers;
using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Marten.Internal;
using Npgsql;
using Weasel.Core;

namespace Marten.Services;

/// <summary>The default serializer, on System.Text.Json. Configure it before the store is built.</summary>
public class SystemTextJsonSerializer : ISerializer
{
    private readonly JsonSerializerOptions options;
    private readonly ConcurrentDictionary<Type, bool> enumsAsText = new();
    private EnumStorage enumStorage = EnumStorage.AsInteger;
    private Casing casing = Casing.Default;

    /// <summary>Creates the serializer with the defaults of System.Text.Json.</summary>
    public SystemTextJsonSerializer()
        : this(null)
    {
    }

    /// <summary>Creates the serializer on a copy of the caller's options.</summary>
    public SystemTextJsonSerializer(JsonSerializerOptions? options)
    {
        this.options = options is null ? new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping } : new JsonSerializerOptions(options);
        // jsonb sorts the keys of an object, so that the key which tells derived types apart comes anywhere.
        this.options.AllowOutOfOrderMetadataProperties = true;
        this.options.Converters.Add(new UntypedValueConverter());
        this.options.Converters.Add(new WrappedValueConverterFactory());
    }

    /// <inheritdoc />
    public EnumStorage EnumStorage
    {
        get => enumStorage;
        set
        {
            enumStorage = value;
            foreach (var converter in options.Converters.OfType<JsonStringEnumConverter>().ToArray())
                options.Converters.Remove(converter);
            if (value == EnumStorage.AsString)
                options.Converters.Add(new JsonStringEnumConverter());
        }
    }

    /// <inheritdoc />
    public Casing Casing
    {
        get => casing;
        set
        {
            casing = value;
            options.PropertyNamingPolicy = value switch
            {
                Casing.CamelCase => JsonNamingPolicy.CamelCase,
                Casing.SnakeCase => JsonNamingPolicy.SnakeCaseLower,
                _ => null,
            };
        }
    }

    /// <summary>The key of a member in JSON, where no attribute says otherwise.</summary>
    internal string NameOf(string member) => options.PropertyNamingPolicy?.ConvertName(member) ?? member;

    /// <summary>Whether values of an enumeration are written as text, by whatever converter.</summary>
    internal bool WritesAsText(Type enumType) => enumsAsText.GetOrAdd(
        enumType,
        static (type, self) => Enum.GetValues(type) is { Length: > 0 } values && self.ToJson(values.GetValue(0))[0] == '"',
        this);

    /// <summary>The text of an enumeration value that is written as text.</summary>
    internal string Spell(object value) => JsonSerializer.Deserialize<string>(ToJson(value))!;

    /// <summary>How values of a type are written: as an object, or by a converter.</summary>
    internal JsonTypeInfoKind KindOf(Type type)
    {
        options.MakeReadOnly(populateMissingResolver: true);
        return options.GetTypeInfo(type).Kind;
    }

    /// <summary>Changes the options further.</summary>
    public void Configure(Action<JsonSerializerOptions> configure) => configure(options);

    /// <inheritdoc />
    public string ToJson(object? document) => JsonSerializer.Serialize(document, document?.GetType() ?? typeof(object), options);

    /// <inheritdoc />
    public string ToCleanJson(object? document) => ToJson(document);

    /// <summary>Writes the JSON of a value without type information as UTF-8.</summary>
    public void WriteToCleanJson(IBufferWriter<byte> writer, object? value) => WriteTo(writer, value);

    /// <summary>Makes a value the JSON of a parameter.</summary>
    public void WriteToParameter(NpgsqlParameter parameter, object? value)
    {
        parameter.NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Jsonb;
        parameter.Value = value is null ? DBNull.Value : ToJson(value);
    }

    /// <summary>Adds what tells how types are serialized, a source-generated context for example, in front of what is there.</summary>
    public void UseTypeInfoResolver(IJsonTypeInfoResolver resolver)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        options.TypeInfoResolverChain.Insert(0, resolver);
        if (options.TypeInfoResolverChain.Count == 1)
            options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
    }

    /// <summary>Parses JSON without making an object of it.</summary>
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "The published API has it on instances.")]
    public JsonDocument JsonDocumentFromJson(Stream stream) => JsonDocument.Parse(stream);

    /// <summary>Parses a JSON column of the current row without making an object of it.</summary>
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "The published API has it on instances.")]
    public JsonDocument JsonDocumentFromJson(DbDataReader reader, int index) =>
        JsonColumn.Parse((NpgsqlDataReader)reader, index, 0, static (json, _) => JsonDocument.Parse(json.ToArray()));

    /// <inheritdoc />
    public void WriteTo(IBufferWriter<byte> writer, object? value)
    {
        using var json = new Utf8JsonWriter(writer, new JsonWriterOptions { Encoder = options.Encoder, SkipValidation = true });
        JsonSerializer.Serialize(json, value, value?.GetType() ?? typeof(object), options);
    }

    /// <inheritdoc />
    public T? FromJson<T>(Stream stream) => JsonSerializer.Deserialize<T>(stream, options);

    /// <inheritdoc />
    public T? FromJson<T>(DbDataReader reader, int index) =>
        JsonColumn.Parse((NpgsqlDataReader)reader, index, options, static (json, settings) => JsonSerializer.Deserialize<T>(json, settings));

    /// <inheritdoc />
    public ValueTask<T?> FromJsonAsync<T>(Stream stream, CancellationToken cancellationToken = default) =>
        JsonSerializer.DeserializeAsync<T>(stream, options, cancellationToken);

    /// <inheritdoc />
    public ValueTask<T?> FromJsonAsync<T>(DbDataReader reader, int index, CancellationToken cancellationToken = default) =>
        new(FromJson<T>(reader, index));

    /// <inheritdoc />
    public object FromJson(Type type, Stream stream) => JsonSerializer.Deserialize(stream, type, options)!;

    /// <inheritdoc />
    public object FromJson(Type type, DbDataReader reader, int index) =>
        JsonColumn.Parse((NpgsqlDataReader)reader, index, (type, options), static (json, state) => JsonSerializer.Deserialize(json, state.type, state.options)!);

    /// <inheritdoc />
    public async ValueTask<object> FromJsonAsync(Type type, Stream stream, CancellationToken cancellationToken = default) =>
        (await JsonSerializer.DeserializeAsync(stream, type, options, cancellationToken))!;

    /// <inheritdoc />
    public ValueTask<object> FromJsonAsync(Type type, DbDataReader reader, int index, CancellationToken cancellationToken = default) =>
        new(FromJson(type, reader, index));
}

/// <summary>Reads members declared as object as plain values, dictionaries and lists instead of JSON elements.</summary>
internal sealed class UntypedValueConverter : JsonConverter<object>
{
    public override object? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.True:
                return true;
            case JsonTokenType.False:
                return false;
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.String:
                return reader.GetString();
            case JsonTokenType.Number:
                return reader.TryGetInt64(out var whole) ? whole : reader.TryGetDecimal(out var exact) ? exact : reader.GetDouble();
            case JsonTokenType.StartArray:
                return JsonSerializer.Deserialize<List<object?>>(ref reader, options);
            case JsonTokenType.StartObject:
                return JsonSerializer.Deserialize<Dictionary<string, object?>>(ref reader, options);
            default:
                throw new JsonException();
        }
    }

    public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options)
    {
        if (value.GetType() == typeof(object))
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
        }
        else
        {
            JsonSerializer.Serialize(writer, value, value.GetType(), options);
        }
    }
}
