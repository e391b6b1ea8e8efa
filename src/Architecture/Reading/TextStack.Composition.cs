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

        if (called.Name is "Append" or "AppendLine" && instance?.Builder is { } builder)
        {
            if (arguments.Length > 0)
            {
                Append(builder, arguments[0]);
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
