using System.Text;
using ModularMonolith.Architecture.Graph;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Reading;

/// <summary>How texts are put together.</summary>
internal sealed partial class TextStack
{
    private void Interpolate(MethodReference called, Slot?[] arguments, int local, bool isNew)
    {
        switch (called.Name)
        {
            case ".ctor":
                _handlers[local] = new StringBuilder();
                if (isNew)
                {
                    Push(null);
                }

                break;
            case "AppendLiteral" or "AppendFormatted":
                Append(_handlers.GetValueOrDefault(local), arguments.FirstOrDefault());
                if (called.ReturnType.MetadataType != MetadataType.Void)
                {
                    Push(null);
                }

                break;
            case "ToStringAndClear" or "ToString":
                Push(_handlers.Remove(local, out var built) ? Make(built.ToString()) : null);
                break;
            default:
                if (called.ReturnType.MetadataType != MetadataType.Void)
                {
                    Push(null);
                }

                break;
        }
    }

    // Methods of texts that make one of others; what is not known of them is left to the caller.
    private (bool IsKnown, Slot? Slot) Compose(string method, Slot? instance, Slot?[] arguments)
    {
        switch (method)
        {
            case "Concat":
                return (true, Compose(arguments is [{ Parts: { } all }] ? [.. all] : arguments));
            case "Join" when arguments is [var separator, { Parts: { } parts }]:
                return (true, Compose([.. parts.SelectMany((part, i) => i == 0 ? [part] : new[] { separator?.Text is null ? new Slot { Known = " " } : separator, part })]));
            case "Format":
                return (true, Format(arguments is [.. var before, { Parts: { } values }] ? [.. before, .. values] : arguments));
            case "Create" when arguments is [_, .., { Local: not null } handler]:
                return (true, Interpolated(handler));
            case "Replace" when instance?.Text is { } text && arguments is [{ Text: { Length: > 0 } old }, { Text: { } with }, ..]:
                instance.IsPart = true;
                return (true, Make(text.Replace(old, with, StringComparison.Ordinal)));
            case "Replace" or "Trim" or "TrimStart" or "TrimEnd" or "ToLower" or "ToLowerInvariant" or "ToUpper" or "ToUpperInvariant" or "ReplaceLineEndings" or "ToString" or "Normalize":
                return (true, instance);
            default:
                return default;
        }
    }

    private Slot? Interpolated(Slot? handler) => handler?.Local is { } local && _handlers.Remove(local, out var built) ? Make(built.ToString()) : null;

    // "…"u8 is kept as bytes. Tables of numbers are kept in the same way.
    private static string? TextOf(FieldDefinition bytes)
    {
        if (bytes.InitialValue is not { Length: > 5 and < 20_000 } value || Array.Exists(value, static one => one is < 32 and not (9 or 10 or 13 or 0)))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(value).TrimEnd('\0');
        return text.Contains('\0', StringComparison.Ordinal) || text.Contains('\uFFFD', StringComparison.Ordinal) ? null : text;
    }

    private static int? FollowingLocal(Instruction instruction) => instruction.Next is { } next ? LocalWritten(next) : null;

    private void Build(MethodReference called, Slot?[] arguments, Slot? instance, bool isNew)
    {
        if (isNew)
        {
            var built = new Slot { Builder = new StringBuilder(), Span = _span };
            if (arguments.FirstOrDefault() is { Text: not null } first)
            {
                Append(built.Builder, first);
            }

            Push(built);
            _made.Add(built);
            return;
        }

        if (called.Name is "Append" or "AppendLine" or "AppendFormat" or "Insert" && instance?.Builder is { } builder)
        {
            if (arguments.Length > 0)
            {
                Append(builder, called.Name == "AppendFormat" ? Format(arguments is [.. var before, { Parts: { } values }] ? [.. before, .. values] : arguments)
                    : arguments.Select(Interpolated).FirstOrDefault(static text => text is not null) ?? (called.Name == "Insert" ? arguments[^1] : arguments[0]));
            }

            if (called.Name == "AppendLine")
            {
                builder.Append('\n');
            }

            Push(instance);
        }
        else if (called.Name == "ToString" && instance?.Builder is not null)
        {
            Push(instance);
        }
        else if (called.ReturnType.MetadataType != MetadataType.Void)
        {
            Push(called.ReturnType.Name == "StringBuilder" ? instance : null);
        }
    }

    private Slot? Compose(Slot?[] parts)
    {
        if (parts.All(static part => part?.Text is null))
        {
            return null;
        }

        var text = new StringBuilder();
        foreach (var part in parts)
        {
            Append(text, part);
        }

        return Make(text.ToString());
    }

    private Slot? Format(Slot?[] arguments)
    {
        var index = Array.FindIndex(arguments, static argument => argument?.Text is not null);
        if (index < 0)
        {
            return null;
        }

        var text = arguments[index]!.Text!;
        arguments[index]!.IsPart = true;
        for (var i = index + 1; i < arguments.Length; i++)
        {
            text = text.Replace("{" + (i - index - 1) + "}", arguments[i]?.Text ?? TextUse.Hole.ToString(), StringComparison.Ordinal);
        }

        return Make(text);
    }

    private static void Append(StringBuilder? builder, Slot? part)
    {
        if (part?.Text is { } text)
        {
            builder?.Append(text);
            part.IsPart = true;
        }
        else
        {
            builder?.Append(TextUse.Hole);
        }
    }
}
