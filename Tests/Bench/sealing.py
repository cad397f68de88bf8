"""Personal members of an event, sealed as the commands process seals them: AES-256-GCM of OpenSSL, which Python has not."""

import base64
import ctypes
import json
import os

_crypto = ctypes.CDLL("libcrypto.so.3")
_crypto.EVP_CIPHER_CTX_new.restype = ctypes.c_void_p
_crypto.EVP_aes_256_gcm.restype = ctypes.c_void_p
_pointer, _bytes, _int = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
_crypto.EVP_EncryptInit_ex.argtypes = [_pointer, _pointer, _pointer, _bytes, _bytes]
_crypto.EVP_EncryptUpdate.argtypes = [_pointer, _bytes, ctypes.POINTER(_int), _bytes, _int]
_crypto.EVP_EncryptFinal_ex.argtypes = [_pointer, _bytes, ctypes.POINTER(_int)]
_crypto.EVP_CIPHER_CTX_ctrl.argtypes = [_pointer, _int, _int, _bytes]
_context = _crypto.EVP_CIPHER_CTX_new()
_cipher = _crypto.EVP_aes_256_gcm()
_GET_TAG = 0x10  # EVP_CTRL_AEAD_GET_TAG


def seal(members, key, stream):
    """The text of the member `sealed`; the stream is authenticated with it."""
    plain = json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()
    nonce, text, tag = os.urandom(12), ctypes.create_string_buffer(len(plain)), ctypes.create_string_buffer(16)
    count = _int()
    context = stream.encode()
    good = (_crypto.EVP_EncryptInit_ex(_context, _cipher, None, key, nonce) == 1
            and _crypto.EVP_EncryptUpdate(_context, None, ctypes.byref(count), context, len(context)) == 1
            and _crypto.EVP_EncryptUpdate(_context, text, ctypes.byref(count), plain, len(plain)) == 1
            and _crypto.EVP_EncryptFinal_ex(_context, None, ctypes.byref(count)) == 1
            and _crypto.EVP_CIPHER_CTX_ctrl(_context, _GET_TAG, 16, tag) == 1)
    if not good:
        raise RuntimeError("AES-256-GCM failed")
    return base64.b64encode(nonce + text.raw + tag.raw).decode()
