using System.Text.Json.Serialization.Metadata;
using McpSessions;
using McpSessions.State;
using Microsoft.Extensions.Caching.Distributed;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers state that is kept per principal.</summary>
public static class PrincipalStateServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="IPrincipalState{T}"/> over the registered <see cref="IDistributedCache"/>, or memory where none is. Register Redis or another
    /// cache to survive the process and to serve several.
    /// </summary>
    /// <typeparam name="T">What is remembered; serialized as JSON.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="name">Names this state in the cache; two states of one cache need two names.</param>
    /// <param name="typeInfo">How to serialize it: from a <c>JsonSerializerContext</c>, so that trimming and AOT work.</param>
    /// <param name="configure">Sets expiry and hash key.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static IServiceCollection AddPrincipalState<T>(
        this IServiceCollection services, string name, JsonTypeInfo<T> typeInfo, Action<PrincipalStateOptions>? configure = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(typeInfo);
        var options = new PrincipalStateOptions();
        configure?.Invoke(options);
        services.AddDistributedMemoryCache();
        return services.AddSingleton<IPrincipalState<T>>(provider => new DistributedPrincipalState<T>(provider.GetRequiredService<IDistributedCache>(), name, typeInfo, options));
    }
}
