using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Caching.Distributed;

namespace McpSessions.State;

/// <summary>Principal state over the registered distributed cache.</summary>
internal sealed class DistributedPrincipalState<T> : IPrincipalState<T>
    where T : class
{
    private const int MinKeyLength = 16;

    private readonly IDistributedCache _cache;
    private readonly JsonTypeInfo<T> _typeInfo;
    private readonly string _prefix;
    private readonly byte[] _hashKey;
    private readonly DistributedCacheEntryOptions _entry;

    public DistributedPrincipalState(IDistributedCache cache, string name, JsonTypeInfo<T> typeInfo, PrincipalStateOptions options)
    {
        if (options.HashKey is null && cache is not MemoryDistributedCache)
        {
            throw new InvalidOperationException($"Principal state '{name}' is kept in {cache.GetType().Name}, which other processes share: set {nameof(PrincipalStateOptions)}.{nameof(PrincipalStateOptions.HashKey)}.");
        }

        if (options.HashKey is { Length: < MinKeyLength })
        {
            throw new ArgumentException($"The hash key of principal state '{name}' is shorter than {MinKeyLength} bytes.", nameof(options));
        }

        (_cache, _typeInfo, _prefix) = (cache, typeInfo, $"mcpsessions:{name}:");
        _hashKey = options.HashKey is { } key ? [.. key] : RandomNumberGenerator.GetBytes(32);
        _entry = new() { SlidingExpiration = options.SlidingExpiration };
    }

    public async ValueTask<T?> GetAsync(string principal, CancellationToken cancellationToken = default)
    {
        var json = await _cache.GetAsync(KeyOf(principal), cancellationToken).ConfigureAwait(false);
        return json is null ? null : JsonSerializer.Deserialize(json, _typeInfo);
    }

    public ValueTask SetAsync(string principal, T value, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(_cache.SetAsync(KeyOf(principal), JsonSerializer.SerializeToUtf8Bytes(value, _typeInfo), _entry, cancellationToken));
    }

    public ValueTask RemoveAsync(string principal, CancellationToken cancellationToken = default) => new(_cache.RemoveAsync(KeyOf(principal), cancellationToken));

    private string KeyOf(string principal)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(principal);
        return _prefix + Convert.ToHexString(HMACSHA256.HashData(_hashKey, Encoding.UTF8.GetBytes(principal)));
    }
}
