using System.Linq.Expressions;
using System.Reflection;
using JasperFx.Events;
using Marten.Events.Archiving;
using NpgsqlTypes;

namespace Marten.Linq.Translation;

/// <summary>The operators that exist only in queries of events.</summary>
internal sealed partial class SqlTranslator
{
    private static bool IsAboutTenants(MethodInfo method) => method.Name is nameof(LinqExtensions.AnyTenant) or nameof(LinqExtensions.TenantIsOneOf);

    private string EventCondition(MethodCallExpression call, bool negated)
    {
        if (Strip(call.Arguments[0]) is not ParameterExpression parameter || !scopes.TryGetValue(parameter, out var scope) || !(scope.Type == typeof(IEvent) || (IsAboutTenants(call.Method) && scope.Mapping is { IsConjoined: true })))
            throw new Exceptions.BadLinqExpressionException($"'{call}' is about an event, or a document of a multi-tenanted type: apply it to the parameter of a condition on those.");
        switch (call.Method.Name)
        {
            case nameof(Marten.Events.LinqExtensions.EventTypesAre):
                var types = (Type[])Required(call, call.Arguments[1]);
                var names = types.SelectMany(options.EventGraph.Types.NamesFor).Distinct().ToArray();
                return Negate($"d.type = ANY({AddParameter(names, NpgsqlDbType.Array | NpgsqlDbType.Varchar)})", negated);
            case nameof(ArchivedEventExtensions.MaybeArchived):
                NamesDeletedRows = true;
                return Truth(!negated);
            case nameof(LinqExtensions.AnyTenant):
                NamesTenants = true;
                return Truth(!negated);
            case nameof(LinqExtensions.TenantIsOneOf):
                NamesTenants = true;
                return Negate($"{scope.Alias}.tenant_id = ANY({AddParameter(((string[])Required(call, call.Arguments[1])).Select(options.TenantIdOf).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Varchar)})", negated);
            default:
                throw Unsupported(call);
        }
    }
}
