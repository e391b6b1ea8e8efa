using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace ModularMonolith.Platform.Testing;

/// <summary>Scripted answers of modules that are not in the host.</summary>
public static class Scripts
{
    /// <summary>Answers a request of another module.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TResponse">The answer.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="answer">Makes the answer.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection Answer<TRequest, TResponse>(this IServiceCollection services, Func<TRequest, TResponse> answer)
        where TRequest : IRequest<TResponse> =>
        services.Answer<TRequest, TResponse>((request, _) => Task.FromResult(answer(request)));

    /// <summary>Answers a request of another module after something else has happened.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TResponse">The answer.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="answer">Makes the answer.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection Answer<TRequest, TResponse>(this IServiceCollection services, Func<TRequest, CancellationToken, Task<TResponse>> answer)
        where TRequest : IRequest<TResponse> =>
        services.AddSingleton<IRequestHandler<TRequest, TResponse>>(new ScriptedHandler<TRequest, TResponse>(answer));

    private sealed class ScriptedHandler<TRequest, TResponse>(Func<TRequest, CancellationToken, Task<TResponse>> answer) : IRequestHandler<TRequest, TResponse>
        where TRequest : IRequest<TResponse>
    {
        public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken) => answer(request, cancellationToken);
    }
}
