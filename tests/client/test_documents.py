#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Every document that a client gets is valid: with <zpci> by our schema, without it by the stock one."""

import os
import subprocess
import unittest

from client_case import BUILD_DIR, HOSTS, SECONDS, ClientCase, host_dir, without_zpci

OUR_SCHEMA = os.path.join(BUILD_DIR, 'schemas/nodedev.rng')
STOCK_SCHEMA = os.path.join(os.environ.get('LIBVIRT_SCHEMA_DIR', '/usr/share/libvirt/schemas'),
                            'nodedev.rng')


class Documents(ClientCase):
    def setUp(self):
        super().setUp()
        self.with_zpci, self.stock, self.standby = [], [], []
        for host in HOSTS:
            for device in self.connect(host_dir(host)).listAllDevices(0):
                xml = device.XMLDesc(0)
                name = f'{host}-{device.name()}'
                if not device.isActive():
                    self.standby.append(self.write(f'{name}.xml', xml))
                    continue
                self.with_zpci.append(self.write(f'{name}.xml', xml))
                self.stock.append(self.write(f'{name}-stock.xml', without_zpci(xml)))
        self.assertGreater(len(self.with_zpci), 10)

    def write(self, name, text):
        path = os.path.join(self.directory, name)
        with open(path, 'w', encoding='utf-8') as stream:
            stream.write(text)
        return path

    def assert_valid(self, *command):
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                encoding='utf-8', timeout=SECONDS, check=False)
        self.assertEqual(result.returncode, 0, result.stdout)

    def test_virt_zpci_finds_every_document_valid(self):
        result = self.tool('validate', *self.with_zpci, *self.stock, *self.standby)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, '', ''))

    def test_jing_finds_every_document_valid_by_our_schema(self):
        self.assert_valid('jing', OUR_SCHEMA, *self.with_zpci, *self.standby)

    def test_a_function_in_standby_is_for_our_schema_alone(self):
        self.assertEqual(len(self.standby), 1)
        jing = subprocess.run(['jing', STOCK_SCHEMA, *self.standby], stdout=subprocess.PIPE, check=False)
        self.assertEqual(jing.returncode, 1)

    def test_both_validators_find_every_document_valid_by_the_stock_schema_without_zpci(self):
        self.assert_valid('jing', STOCK_SCHEMA, *self.stock)
        self.assert_valid('xmllint', '--noout', '--relaxng', STOCK_SCHEMA, *self.stock)

    def test_a_wrong_document_is_found_by_both(self):
        with open(self.with_zpci[-1], encoding='utf-8') as stream:
            wrong = self.write('wrong.xml', stream.read().replace(" fid='0x", " fid='0y"))
        result = self.tool('validate', wrong)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn('wrong.xml:', result.stdout)
        self.assertIn('zpci', result.stdout)
        jing = subprocess.run(['jing', OUR_SCHEMA, wrong], stdout=subprocess.PIPE, check=False)
        self.assertEqual(jing.returncode, 1)

    def test_virt_zpci_dumps_what_a_client_gets(self):
        for host in HOSTS:
            for device in self.connect(host_dir(host)).listAllDevices(0):
                result = self.tool('dumpxml', '--root', host_dir(host), device.name())
                self.assertEqual(result.stdout.strip(), device.XMLDesc(0).strip())


if __name__ == '__main__':
    unittest.main()
