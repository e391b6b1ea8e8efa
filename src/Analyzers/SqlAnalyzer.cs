using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace ModularMonolith.Analyzers;

/// <summary>SQL in strings that names the schema of another module, also where the string is put together of parts.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class SqlAnalyzer : BoundaryAnalyzer
{
    // Stands for a part that is known when the code runs. It is a letter of a word, so that what follows it is not taken for the beginning of a name.
    private const char Unknown = '_';

    private static readonly string[] SchemasOfNobody = ["integration", "public"];

    // Statements, and parts of them, begin with a word of SQL in small letters or in capitals; a sentence may begin with the same word, and is written otherwise. What this leaves out is found by mm verify, which reads SQL.
    private const string Words = @"select|insert\s+into|update|delete\s+from|merge\s+into|truncate|lock|copy|call|alter|create|drop|grant|revoke|comment\s+on|refresh|with|from|join|left|inner|cross|where|into|using|set|do|explain";

    private static readonly Regex Statement = new(
        $@"^\s*(--[^\n]*\n\s*)*({Words}|{Words.ToUpperInvariant().Replace(@"\S", @"\s")})\b", RegexOptions.CultureInvariant);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.SqlStaysInItsSchema];

    protected override void Start(CompilationStartAnalysisContext context, ModulePlace place)
    {
        var schemas = place.Modules.Where(module => module.Key != place.Folder).Select(static module => module.Value).Concat(SchemasOfNobody).Distinct().Where(schema => schema != place.Name);
        var names = new Regex($@"(?<![\w.$'])(?<quote>""*)(?<schema>{string.Join("|", schemas.Select(Regex.Escape))})""*\s*\.\s*[""a-z_]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        context.RegisterOperationAction(operation => Check(operation, names), OperationKind.Literal, OperationKind.Binary, OperationKind.InterpolatedString, OperationKind.FieldReference, OperationKind.LocalReference);
    }

    private static void Check(OperationAnalysisContext context, Regex names)
    {
        var operation = context.Operation;
        if (operation.Type?.SpecialType != SpecialType.System_String || IsPart(operation) || IsNamedElsewhere(operation, context.Compilation) || Text(operation) is not { } text
            || text.IndexOf('.') < 0 || !Statement.IsMatch(text))
        {
            return;
        }

        foreach (var schema in names.Matches(text).Cast<Match>().Select(static match => match.Groups["schema"].Value.ToLowerInvariant()).Distinct().Where(schema => !IsAlias(text, schema)))
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.SqlStaysInItsSchema, Locate(operation.Syntax, schema, names), context.ContainingSymbol.PlaceName(), $"names the schema {schema} in SQL"));
        }
    }

    // A word that also stands alone is the name of a table's alias or a common table expression in this statement.
    private static bool IsAlias(string text, string schema) => Regex.IsMatch(text, $@"(?<![\w.$'""]){schema}(?![\w""]|\s*\.|\s*[:-])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    // The whole string is looked at once, with all its parts.
    private static bool IsPart(IOperation operation) => operation.Parent switch
    {
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } => true,
        IInterpolatedStringTextOperation or IInterpolationOperation => true,
        IInterpolatedStringOperation => true,
        _ => false,
    };

    // A constant of this project is reported where it is written, and one of another project where it is used.
    private static bool IsNamedElsewhere(IOperation operation, Compilation compilation) => operation switch
    {
        IFieldReferenceOperation { Field: { HasConstantValue: true } field } => SymbolEqualityComparer.Default.Equals(field.ContainingAssembly, compilation.Assembly),
        IFieldReferenceOperation or ILocalReferenceOperation => true,
        _ => false,
    };

    private static string? Text(IOperation operation)
    {
        if (operation.ConstantValue is { HasValue: true } constant)
        {
            return constant.Value as string;
        }

        if (operation is not (IInterpolatedStringOperation or IBinaryOperation { OperatorKind: BinaryOperatorKind.Add }))
        {
            return null;
        }

        var text = new StringBuilder();
        Append(operation, text);
        return text.ToString();
    }

    private static void Append(IOperation operation, StringBuilder text)
    {
        switch (operation)
        {
            case { ConstantValue: { HasValue: true, Value: { } value } }:
                text.Append(value);
                break;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } sum:
                Append(sum.LeftOperand, text);
                Append(sum.RightOperand, text);
                break;
            case IInterpolatedStringOperation whole:
                foreach (var part in whole.Parts)
                {
                    Append(part, text);
                }

                break;
            case IInterpolatedStringTextOperation part:
                Append(part.Text, text);
                break;
            case IInterpolationOperation hole:
                Append(hole.Expression, text);
                break;
            case IConversionOperation conversion:
                Append(conversion.Operand, text);
                break;
            default:
                text.Append(Unknown);
                break;
        }
    }

    // The schema's name as it is written; the whole string, where a constant from elsewhere holds the name.
    private static Location Locate(SyntaxNode syntax, string schema, Regex names)
    {
        var written = names.Matches(syntax.ToString()).Cast<Match>().FirstOrDefault(match => match.Groups["schema"].Value.Equals(schema, StringComparison.OrdinalIgnoreCase));
        return written is null
            ? syntax.GetLocation()
            : Location.Create(syntax.SyntaxTree, new TextSpan(syntax.SpanStart + written.Groups["schema"].Index, schema.Length));
    }
}
