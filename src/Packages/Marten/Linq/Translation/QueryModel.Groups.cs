using System.Linq.Expressions;

namespace Marten.Linq.Translation;

internal sealed partial class QueryModel
{
    /// <summary>GroupBy(key), GroupBy(key, element), GroupBy(key, result) and GroupBy(key, element, result).</summary>
    private void Group(MethodCallExpression call)
    {
        RequireUnlimited(call);
        RequireUngrouped(call);
        var lambdas = call.Arguments.Skip(1).Select(Unquoted).ToList();
        var result = lambdas.Count > 1 && lambdas[^1].Parameters.Count == 2 ? lambdas[^1] : null;
        var selector = lambdas.Skip(1).FirstOrDefault(l => l != result);
        var element = selector is null ? Current : Substituted(selector);
        groupKeys = [];
        orderings.Clear();
        var key = KeyOf(Substituted(lambdas[0]));
        var grouping = typeof(IGrouping<,>).MakeGenericType(lambdas[0].ReturnType, element.Type);
        var group = new GroupExpression(grouping, key, element);
        Current = result is null ? group : Substitution.In(result, key, new GroupExpression(result.Parameters[1].Type, key, element));
    }

    /// <summary>The key with each of its values translated once, because what is selected must be spelled as what is grouped.</summary>
    private Expression KeyOf(Expression key)
    {
        switch (SqlTranslator.Strip(key))
        {
            case NewExpression created:
                return created.Update(created.Arguments.Select(KeyOf));
            case MemberInitExpression initialized:
                return initialized.Update(
                    (NewExpression)KeyOf(initialized.NewExpression),
                    initialized.Bindings.Select(b => b is MemberAssignment assignment ? assignment.Update(KeyOf(assignment.Expression)) : throw SqlTranslator.Unsupported(key)));
            case var plain when !SqlTranslator.Depends(plain):
                return plain;
            case var plain:
                var value = Translator.GroupKey(plain);
                groupKeys!.Add(value.Sql);
                return new TranslatedExpression(value, key.Type);
        }
    }
}
