using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Analyzers.Texts;

/// <summary>
/// Follows texts through the code of a member, in the order in which it is written: literals, constants, variables that hold them, concatenation, interpolation, formatting and string
/// builders. It is what the engine does with compiled code.
/// </summary>
internal sealed class CodeTexts
{
    private readonly Dictionary<ILocalSymbol, KnownText> _locals = new(SymbolEqualityComparer.Default);
    private readonly List<KnownText> _made = [];
    private readonly List<TextCall> _calls = [];
    private readonly CancellationToken _cancellationToken;

    private CodeTexts(CancellationToken cancellationToken) => _cancellationToken = cancellationToken;

    /// <summary>The texts that no longer text is made of.</summary>
    public IEnumerable<KnownText> Texts => _made.Where(static text => !text.IsPart);

    /// <summary>Whether the code sends HTTP requests, or makes them. A client whose timeout is set sends nothing by that.</summary>
    public bool SendsHttp { get; private set; }

    /// <summary>Whether the code asks for a folder that all processes of the machine, or all of its user, share.</summary>
    public bool AsksForSharedFolder { get; private set; }

    /// <summary>Where the code asks for the address under which its own host listens.</summary>
    public IOperation? OwnAddress { get; private set; }

    /// <summary>The calls that are given a text, and those of reflection.</summary>
    public IReadOnlyList<TextCall> Calls => _calls;

    public static CodeTexts Read(ImmutableArray<IOperation> blocks, CancellationToken cancellationToken)
    {
        var texts = new CodeTexts(cancellationToken);
        foreach (var block in blocks)
        {
            texts.Visit(block);
        }

        return texts;
    }

    // What is known of a value. Everything below it is looked at once.
    private KnownText? Visit(IOperation? operation)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        switch (operation)
        {
            case null or INameOfOperation:
                return null;
            case ILocalReferenceOperation local when _locals.TryGetValue(local.Local, out var known):
                return known;
            case { ConstantValue: { HasValue: true, Value: var value } }:
                return Constant(operation, value);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } sum:
                return Compose(sum, [Visit(sum.LeftOperand), Visit(sum.RightOperand)]);
            case IInterpolatedStringOperation whole:
                return Compose(whole, [.. whole.Parts.Select(Visit)]);
            case IInterpolatedStringTextOperation part:
                return Visit(part.Text);
            case IInterpolationOperation hole:
                return Visit(hole.Expression);
            case IInterpolatedStringAppendOperation { AppendCall: IInvocationOperation { Arguments: [var appended, ..] } }:
                return Visit(appended.Value);
            case IInterpolatedStringHandlerCreationOperation handler:
                return Visit(handler.Content);
            case IConversionOperation conversion:
                return Visit(conversion.Operand);
            case IFieldReferenceOperation field:
                Visit(field.Instance);
                return Field(field);
            case IVariableDeclaratorOperation declared:
                return Keep(declared.Symbol, Visit(declared.GetVariableInitializer()?.Value));
            case ISimpleAssignmentOperation assigned:
                return Assign(assigned);
            case ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Add, Target: ILocalReferenceOperation { Type.SpecialType: SpecialType.System_String } target } added:
                return Keep(target.Local, Compose(added, [Visit(target), Visit(added.Value)]));
            case IPropertyReferenceOperation { Property.GetMethod: { } getter } read:
                Visit(read.Instance);
                Note(getter, Arguments(read.Arguments, read.Arguments.Length), read);
                SendsHttp |= read.Property.Name != "Timeout" && AddressCheck.IsClient(getter.ContainingType);
                return null;
            case IInvocationOperation call:
                return Call(call);
            case IObjectCreationOperation created:
                return Create(created);
            default:
                foreach (var child in operation.ChildOperations)
                {
                    Visit(child);
                }

                return null;
        }
    }

    // A constant of this project is looked at where it is declared, unless it becomes a part of something longer.
    private KnownText? Constant(IOperation operation, object? value)
    {
        if (value is not string text)
        {
            return value is char or int or long ? new KnownText(operation) { IsPart = true }.Add(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)) : null;
        }

        if (operation is IBinaryOperation or IInterpolatedStringOperation)
        {
            var whole = Make(operation);
            whole.Parts.AddRange(Leaves(operation).Where(static part => part.ConstantValue.Value is string).Select(static part => new KnownText(part) { IsPart = true }.Add((string)part.ConstantValue.Value!)));
            return whole.Add(text);
        }

        return operation is ILocalReferenceOperation || IsDeclaredHere(operation) ? new KnownText(operation) { IsPart = true }.Add(text) : Make(operation).Add(text);
    }

    /// <summary>Whether it names a constant of this project.</summary>
    public static bool IsDeclaredHere(IOperation operation) =>
        operation is IFieldReferenceOperation { Field: var field } && SymbolEqualityComparer.Default.Equals(field.ContainingAssembly, operation.SemanticModel?.Compilation.Assembly);

    private static IEnumerable<IOperation> Leaves(IOperation operation) => operation switch
    {
        IBinaryOperation sum => Leaves(sum.LeftOperand).Concat(Leaves(sum.RightOperand)),
        IInterpolatedStringOperation whole => whole.Parts.OfType<IInterpolationOperation>().Select(static hole => hole.Expression),
        _ => [operation],
    };

    // A field that is set once, where it is declared in the same file.
    private static KnownText? Field(IFieldReferenceOperation reference)
    {
        if (reference.Field is not { IsReadOnly: true, Type.SpecialType: SpecialType.System_String, DeclaringSyntaxReferences: [var declaration] } || declaration.SyntaxTree != reference.Syntax.SyntaxTree
            || declaration.GetSyntax() is not VariableDeclaratorSyntax { Initializer.Value: { } initial } || reference.SemanticModel?.GetConstantValue(initial).Value is not string text)
        {
            return null;
        }

        return new KnownText(reference) { IsPart = true }.Add(text);
    }

    private KnownText? Assign(ISimpleAssignmentOperation assigned)
    {
        var value = Visit(assigned.Value);
        switch (assigned.Target)
        {
            case ILocalReferenceOperation local:
                return Keep(local.Local, value);
            case IPropertyReferenceOperation { Property.SetMethod: { } setter } property:
                Visit(property.Instance);
                SendsHttp |= property.Property.Name != "Timeout" && AddressCheck.IsClient(setter.ContainingType);
                var texts = property.Arguments.Select(argument => Visit(argument.Value)).Append(value).ToArray();
                Note(setter, Array.Exists(texts, static text => text is not null) ? texts : null, assigned);
                return value;
            default:
                Visit(assigned.Target);
                return value;
        }
    }

    private KnownText? Keep(ILocalSymbol local, KnownText? value)
    {
        if (value is null)
        {
            _locals.Remove(local);
        }
        else
        {
            _locals[local] = value;
        }

        return value;
    }

    private KnownText? Call(IInvocationOperation call)
    {
        var instance = Visit(call.Instance);
        var method = call.TargetMethod;
        if (method.ContainingType.SpecialType == SpecialType.System_String && method.Name is "Concat" or "Format")
        {
            var values = Flatten(call.Arguments).Select(Visit).ToList();
            return method.Name == "Concat" ? Compose(call, values) : Format(call, values);
        }

        var texts = Arguments(call.Arguments, method.Parameters.Length);
        if (instance is { IsBuilder: true } && method.ContainingType.Name == "StringBuilder")
        {
            if (method.Name is "Append" or "AppendLine" && method.Parameters.Length > 0)
            {
                instance.Add(texts?[0]);
            }

            if (method.Name == "AppendLine")
            {
                instance.Add("\n");
            }

            return method.Name is "Append" or "AppendLine" or "ToString" ? instance : null;
        }

        SendsHttp |= AddressCheck.IsClient(method.ContainingType);
        AsksForSharedFolder |= method.Name is "GetTempPath" or "GetFolderPath";
        OwnAddress ??= AddressCheck.IsOwnAddress(method) ? call : null;
        Note(method, texts, call);
        return null;
    }

    private KnownText? Create(IObjectCreationOperation created)
    {
        var texts = Arguments(created.Arguments, created.Constructor?.Parameters.Length ?? 0);
        KnownText? builder = null;
        if (created.Type is { Name: "StringBuilder", ContainingNamespace: { Name: "Text", ContainingNamespace.Name: "System" } })
        {
            builder = Make(created);
            builder.IsBuilder = true;
            if (texts is [{ } first, ..])
            {
                builder.Add(first);
            }
        }
        else if (created.Constructor is { } constructor)
        {
            SendsHttp |= AddressCheck.IsClient(constructor.ContainingType);
            Note(constructor, texts, created);
        }

        Visit(created.Initializer);
        return builder;
    }

    private void Note(IMethodSymbol member, KnownText?[]? texts, IOperation operation)
    {
        if (texts is not null || ReflectionCheck.IsReflection(member.ContainingType))
        {
            _calls.Add(new TextCall(member.ReducedFrom ?? member, texts ?? [], operation));
        }
    }

    // By the places of the parameters, however the arguments are ordered; null when nothing is known of any.
    private KnownText?[]? Arguments(ImmutableArray<IArgumentOperation> arguments, int count)
    {
        KnownText?[]? texts = null;
        foreach (var argument in arguments)
        {
            if (Visit(argument.Value) is { } text && argument.Parameter is { Ordinal: var ordinal } && ordinal < count)
            {
                (texts ??= new KnownText?[count])[ordinal] = text;
            }
        }

        return texts;
    }

    // The values of a call that takes any number of them, without the array that the compiler makes.
    private static IEnumerable<IOperation> Flatten(ImmutableArray<IArgumentOperation> arguments) => arguments.OrderBy(static argument => argument.Parameter?.Ordinal ?? 0).SelectMany(static argument =>
        argument is { ArgumentKind: ArgumentKind.ParamArray, Value: IArrayCreationOperation { Initializer: { } made } } ? made.ElementValues
        : argument is { ArgumentKind: ArgumentKind.ParamCollection, Value: ICollectionExpressionOperation list } ? list.Elements
        : [argument.Value]);

    private KnownText? Format(IOperation call, List<KnownText?> values)
    {
        var at = values.FindIndex(static value => value is not null);
        if (at < 0)
        {
            return null;
        }

        var text = values[at]!.Text;
        for (var i = at + 1; i < values.Count; i++)
        {
            text = text.Replace("{" + (i - at - 1).ToString(System.Globalization.CultureInfo.InvariantCulture) + "}", values[i]?.Text ?? TextUse.Hole.ToString());
        }

        var made = Make(call).Add(text);
        foreach (var part in values.OfType<KnownText>())
        {
            part.IsPart = true;
            made.Parts.Add(part);
        }

        return made;
    }

    private KnownText? Compose(IOperation operation, IReadOnlyList<KnownText?> parts) =>
        parts.All(static part => part is null) ? null : parts.Aggregate(Make(operation), static (whole, part) => whole.Add(part));

    private KnownText Make(IOperation operation)
    {
        var made = new KnownText(operation);
        _made.Add(made);
        return made;
    }
}
