using System.Buffers;
using System.Data.Common;
using Weasel.Core;

namespace Marten;

/// <summary>Turns documents and events into JSON and back.</summary>
public interface ISerializer
{
    /// <summary>How enumeration values are written.</summary>
    EnumStorage EnumStorage { get; }

    /// <summary>How member names are written.</summary>
    Casing Casing { get; }

    /// <summary>The JSON of a value.</summary>
    string ToJson(object? document);

    /// <summary>Writes the JSON of a value as UTF-8.</summary>
    void WriteTo(IBufferWriter<byte> writer, object? value);

    /// <summary>Reads a value from UTF-8 JSON.</summary>
    T? FromJson<T>(Stream stream);

    /// <summary>Reads a value from a JSON column of the current row.</summary>
    T? FromJson<T>(DbDataReader reader, int index);

    /// <summary>Reads a value from UTF-8 JSON.</summary>
    ValueTask<T?> FromJsonAsync<T>(Stream stream, CancellationToken cancellationToken = default);

    /// <summary>Reads a value from a JSON column of the current row.</summary>
    ValueTask<T?> FromJsonAsync<T>(DbDataReader reader, int index, CancellationToken cancellationToken = default);

    /// <summary>Reads a value of a type from UTF-8 JSON.</summary>
    object FromJson(Type type, Stream stream);

    /// <summary>Reads a value of a type from a JSON column of the current row.</summary>
    object FromJson(Type type, DbDataReader reader, int index);

    /// <summary>Reads a value of a type from UTF-8 JSON.</summary>
    ValueTask<object> FromJsonAsync(Type type, Stream stream, CancellationToken cancellationToken = default);

    /// <summary>Reads a value of a type from a JSON column of the current row.</summary>
    ValueTask<object> FromJsonAsync(Type type, DbDataReader reader, int index, CancellationToken cancellationToken = default);

    /// <summary>The JSON of a value without type information.</summary>
    string ToCleanJson(object? document);
}
